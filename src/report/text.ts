import { lastLines } from '../support/lines';

/** A heading and its lines, indented, and an empty line. */
export function section(heading: string, lines: readonly string[]): string[] {
  return [`${heading}:`, ...lines.map((line) => `  ${line}`.trimEnd()), ''];
}

/** The last lines of a text that has lost its secrets, made safe to print, below how many came before. */
export function tailOf(text: string, max: number): string[] {
  const { lines, before } = lastLines(text, { max, width: 1000 });
  return before > 0 ? [`… ${before} lines before`, ...lines] : lines;
}

/** A time as a clock shows it, in UTC: `18:05:16.123`. */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}

/** A duration for people: `1.2 ms`, `3.41 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
