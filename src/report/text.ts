import { lastLines } from '../support/lines';

/** Returns a heading, indented lines and an empty line. */
export function section(heading: string, lines: readonly string[]): string[] {
  return [`${heading}:`, ...lines.map((line) => `  ${line}`.trimEnd()), ''];
}

/**
 * Returns the last lines of a text, made safe to print.
 *
 * @param text without secrets
 * @param max maximum of lines
 */
export function tailOf(text: string, max: number): string[] {
  const { lines, before } = lastLines(text, { max, width: 1000 });
  return before > 0 ? [`… ${before} earlier lines`, ...lines] : lines;
}

/** Formats a time of day in UTC: `18:05:16.123`. */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}

/** Formats a duration: `1.2 ms`, `3.41 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
