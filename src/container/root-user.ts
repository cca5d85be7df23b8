/** Returns whether a user of a container is root. `''` is the user of a container that names no user. */
export function isRoot(user: string): boolean {
  return ['', '0', 'root', '0:0', 'root:root'].includes(user);
}
