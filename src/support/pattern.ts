/**
 * Whether a text has a pattern in it.
 *
 * @param pattern one that is sticky or global would keep its place between calls, and is taken as if it were neither
 */
export function hasPattern(text: string, pattern: RegExp): boolean {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text);
}
