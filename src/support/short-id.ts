/** Returns the first twelve digits of a container's or an image's id, as Docker prints them. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
