/**
 * Returns whether a string contains a match of a pattern.
 *
 * @param pattern its flags `g` and `y` are ignored: with them, a RegExp keeps its position between calls
 */
export function hasPattern(text: string, pattern: RegExp): boolean {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text);
}
