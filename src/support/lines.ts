import { printable } from './printable';
import type { Redactor } from './secrets/redact';

/** Returns the first lines. One more line counts the rest: `… and 3 more`. */
export function firstLines(lines: readonly string[], max = 30): string[] {
  const rest = lines.length - max;
  return [...lines.slice(0, max), ...(rest > 0 ? [`… and ${rest} more`] : [])];
}

/** Formats the first names in one line, and counts the rest: `a, b and 3 more`. */
export function firstNames(names: readonly string[], max: number): string {
  const rest = names.length - max;
  return `${names.slice(0, max).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/**
 * Returns the last lines of a text without secrets, made safe to print.
 *
 * @param limits the maximum of lines, and of characters of each
 * @returns the lines, and the number of lines before them
 */
export function lastLines(
  text: string,
  { max, width }: { max: number; width: number },
): { lines: string[]; before: number } {
  const all = text.replace(/\n$/, '').split('\n');
  const lines = all.slice(-max).map((line) => printable(cut(line, width)));
  return { lines, before: all.length - lines.length };
}

/** The maximum of lines that a message shows of an output, and of characters of each line. */
const shown = { max: 20, width: 500 };

/**
 * Formats the end of an output under its name, safe to print, for a message; an empty string if there is no output.
 *
 * @param name of the output: `stderr`
 * @param secrets takes the secrets out
 */
export function outputEnd(name: string, output: string | Uint8Array, secrets: Redactor): string {
  // Half a secret is not found, so all is searched if there are secrets. Otherwise most of a large output needs no
  // decoding.
  const end = secrets.hasSecrets ? output : output.slice(-20_000);
  const text = secrets.redact(typeof end === 'string' ? end : Buffer.from(end).toString()).slice(-20_000);
  if (text === '' || text === '\n') return '';
  const { lines, before } = lastLines(text, shown);
  const heading = before > 0 ? `${name} (last ${shown.max} lines)` : name;
  return `${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width)}…` : line;
}
