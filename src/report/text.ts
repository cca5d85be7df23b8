import { printable } from '../support/printable';

/** A heading and its lines, indented, and an empty line. */
export function section(heading: string, lines: readonly string[]): string[] {
  return [`${heading}:`, ...lines.map((line) => `  ${line}`.trimEnd()), ''];
}

/** The last lines of a text that has lost its secrets, made safe to print. */
export function lastLinesOf(text: string, most: number): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.slice(-most).map((line) => printable(cut(line)));
  return lines.length > most ? [`… ${lines.length - most} lines before`, ...shown] : shown;
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

function cut(line: string): string {
  return line.length > 1000 ? `${line.slice(0, 1000)}…` : line;
}
