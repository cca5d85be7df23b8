import { inspect } from 'node:util';
import { printable } from '../printable';

/**
 * Returns the forms in which belljar may print a secret: as it is, quoted for a shell, inside a script that is quoted
 * again, as JSON, as Jest and Node.js print strings, and with control characters made visible. If the secret has several
 * lines, also each line.
 */
export function spellingsOf(secret: string): string[] {
  const spelled = formsOf(secret).flatMap((form) => quotings.map((quoting) => quoting(form)));
  return [...new Set(spelled.flatMap((text) => [text, printable(text), onOneLine(printable(text))]))].filter(
    (text) => text !== '',
  );
}

/** A terminal ends lines with `\r\n`, and output loses its last line end. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  const whole = [secret, secret.trim(), lines.join('\n'), lines.join('\r\n'), lines.join('\n').trim()];
  return lines.length === 1 ? whole : [...whole, ...lines.map((line) => line.trim()).filter(isLong)];
}

/** Returns whether a line is long enough to be secret: shorter lines, such as `{`, are in many texts. */
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

/** Escapes a string as it stands between single quotes in a shell's word. */
function inQuotes(text: string): string {
  return text.replaceAll("'", String.raw`'\''`);
}

/** Escapes as pretty-format's `escapeString` does. */
function asJestPrints(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

/** Replaces blanks at the end of a line by dots, as Jest does. */
function dotted(text: string): string {
  return text.replace(/\s+$/gm, (blanks) => '·'.repeat(blanks.length));
}

function onOneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}
