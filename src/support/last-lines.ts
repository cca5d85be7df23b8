import { printable } from './printable';
import type { Redactor } from './secrets/redact';

/** Maximum of lines in a message. */
const shownLines = 20;

/** Maximum of characters of a line: more than any screen is wide. */
const shownCharacters = 500;

/**
 * Formats the end of an output for a message, under a heading and safe to print. Returns an empty string for an empty
 * output.
 *
 * @param name the heading: `stderr`
 * @param secrets removes secrets from the output
 */
export function lastLines(name: string, output: string | Uint8Array, secrets: Redactor): string {
  // Half a secret is not found, so all of the output is searched if there are secrets. Otherwise its end is enough.
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
