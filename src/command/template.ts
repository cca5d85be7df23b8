import { InvalidOptionError } from '../support/errors';
import { isPromise } from '../support/is-promise';
import { quote } from './quote';
import { refuseShellSyntax } from './shell-syntax';
import type { CommandResult } from './result';

/** One value in a command template. A result stands for its standard output. */
export type TemplateItem = string | number | CommandResult<string | Uint8Array>;

/** A value in `${…}`: one argument, or a list of them. */
export type TemplateValue = TemplateItem | readonly TemplateItem[];

/**
 * Splits a template into words, without a shell: at white space in the template itself, never inside a value. A value
 * that touches a word becomes part of it, as with execa: `--prefix=${path}` is one argument.
 *
 * @throws TemplateError `SHELL_SYNTAX` if the template itself has what only a shell reads
 * @throws InvalidOptionError for an empty template, or a value that is not an argument
 */
export function templateWords(
  { raw }: Pick<TemplateStringsArray, 'raw'>,
  values: readonly TemplateValue[],
): string[] {
  refuseShellSyntax(raw);
  const words: string[] = [];
  let open = false;
  const add = (text: string): void => {
    if (open) words.push((words.pop() ?? '') + text);
    else words.push(text);
    open = true;
  };
  const close = (): void => void (open = false);
  raw.forEach((literal, index) => {
    for (const [piece] of literal.matchAll(/[ \t\r\n]+|[^ \t\r\n]+/g)) {
      if (/^[ \t\r\n]/.test(piece)) close();
      else add(piece);
    }
    if (index < values.length) addValue(values[index], add, close);
  });
  if (words.length === 0) throw new InvalidOptionError('the command', 'must not be empty', '');
  return words;
}

/**
 * Makes a shell script of a template: every value is quoted, a list becomes several quoted words. The shell gets the
 * template's own text as it is written, backslashes included.
 */
export function templateScript(
  { raw }: Pick<TemplateStringsArray, 'raw'>,
  values: readonly TemplateValue[],
): string {
  let script = '';
  raw.forEach((literal, index) => {
    script += asWritten(literal);
    if (index < values.length) script += itemsOf(values[index]).map(quote).join(' ');
  });
  return script;
}

/**
 * Removes the backslashes that JavaScript alone needs: those before a backtick, and in `\${` or `$\{`. Two backslashes
 * are a pair that the shell reads, so the second never escapes what follows.
 */
function asWritten(raw: string): string {
  return raw.replace(/\\`|\\\$\{|\$\\\{|\\[^]/g, (found) => scriptText[found] ?? found);
}

const scriptText: Readonly<Record<string, string>> = { '\\`': '`', '\\${': '${', '$\\{': '${' };

function addValue(value: TemplateValue | undefined, add: (text: string) => void, close: () => void): void {
  itemsOf(value).forEach((item, index) => {
    if (index > 0) close();
    add(item);
  });
}

function itemsOf(value: TemplateValue | undefined): string[] {
  return isList(value) ? value.map(textOf) : [textOf(value)];
}

function isList(value: TemplateValue | undefined): value is readonly TemplateItem[] {
  return Array.isArray(value);
}

function textOf(item: TemplateItem | undefined): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'number') return String(item);
  if (typeof item === 'object' && 'stdout' in item) {
    return typeof item.stdout === 'string' ? item.stdout : Buffer.from(item.stdout).toString();
  }
  const advice = isPromise(item) ? ': await it first' : '';
  throw new InvalidOptionError(
    'a value in the command',
    `must be a string, a number or a result${advice}`,
    item,
  );
}
