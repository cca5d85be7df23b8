import { printable } from './printable';
import type { Redactor } from './secrets/redact';

/** How many lines a message shows. */
const shownLines = 20;

/** How many characters of a line: it is cut far to the right of any screen. */
const shownCharacters = 500;

/**
 * The end of an output under its name, made safe to print, as messages show it; an empty text where there is none.
 *
 * @param name what it is, for people: `stderr`
 * @param secrets what is taken out of it
 */
export function lastLines(name: string, output: string | Uint8Array, secrets: Redactor): string {
  // Half a secret is not found: where there are any, all is searched. Else most of a large output needs no decoding.
  const end = secrets.hasSecrets ? output : output.slice(-20_000);
  const whole = secrets.redact(typeof end === 'string' ? end : Buffer.from(end).toString());
  const text = whole.slice(-20_000);
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length === 1 && lines[0] === '') return '';
  const shown = lines.slice(-shownLines).map((line) => `  ${printable(cut(line))}`);
  const heading = lines.length > shownLines ? `${name} (last ${shownLines} lines)` : name;
  return `${heading}:\n${shown.join('\n')}`;
}

function cut(line: string): string {
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line;
}
