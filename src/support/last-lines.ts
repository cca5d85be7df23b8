import { printable } from './printable';

/** How many lines a message shows. */
const shownLines = 20;

/** How many characters of a line: it is cut far to the right of any screen. */
const shownCharacters = 500;

/**
 * The end of an output under its name, made safe to print, as messages show it; an empty text where there is none.
 *
 * @param name what it is, for people: `stderr`
 */
export function lastLines(name: string, output: string | Uint8Array): string {
  // Most of a large output never needs decoding.
  const text =
    typeof output === 'string' ? output.slice(-20_000) : Buffer.from(output.slice(-20_000)).toString();
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length === 1 && lines[0] === '') return '';
  const shown = lines.slice(-shownLines).map((line) => `  ${printable(cut(line))}`);
  const heading = lines.length > shownLines ? `${name} (last ${shownLines} lines)` : name;
  return `${heading}:\n${shown.join('\n')}`;
}

function cut(line: string): string {
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line;
}
