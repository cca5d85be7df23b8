import { inspect } from 'node:util';
import { printable } from '../printable';

/**
 * How a secret may stand in what belljar prints: as it is, quoted for a shell, inside a script that is quoted again,
 * as JSON, as Jest and Node.js print strings, with control characters made visible, and, where it has several lines,
 * line by line.
 */
export function spellingsOf(secret: string): string[] {
  const spelled = formsOf(secret).flatMap((form) => quotings.map((quoting) => quoting(form)));
  return [...new Set(spelled.flatMap((text) => [text, printable(text), onOneLine(printable(text))]))].filter(
    (text) => text !== '',
  );
}

/** A terminal ends lines otherwise, and output loses its last line end. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  const whole = [secret, secret.trim(), lines.join('\n'), lines.join('\r\n'), lines.join('\n').trim()];
  return lines.length === 1 ? whole : [...whole, ...lines.map((line) => line.trim()).filter(isLong)];
}

/** Shorter lines are in many texts without being secret there: `{`, `"a": 1`. */
function isLong(line: string): boolean {
  return line.length >= 8;
}

const quotings: readonly ((text: string) => string)[] = [
  (text) => text,
  inQuotes,
  (text) => inQuotes(inQuotes(text)),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => text.replaceAll('\\', '\\\\'),
  asJestPrints,
  (text) => dotted(asJestPrints(text)),
  dotted,
  (text) => inspect(text, { breakLength: Infinity, maxStringLength: Infinity }).slice(1, -1),
];

/** What is between single quotes in a shell's word. */
function inQuotes(text: string): string {
  return text.replaceAll("'", String.raw`'\''`);
}

/** pretty-format's `escapeString`. */
function asJestPrints(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

/** Blanks at the end of a line, as Jest shows them. */
function dotted(text: string): string {
  return text.replace(/\s+$/gm, (blanks) => '·'.repeat(blanks.length));
}

function onOneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}
