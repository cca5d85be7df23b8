import { InvalidOptionError } from '../support/errors';
import { isPromise } from '../support/is-promise';
import { quote } from './quote';
import type { CommandResult } from './result';

/** One value in a command template. A result stands for its standard output. */
export type TemplateItem = string | number | CommandResult<string | Uint8Array>;

/** A value in `${…}`: one argument, or a list of them. */
export type TemplateValue = TemplateItem | readonly TemplateItem[];

/**
 * Splits a template into words, without a shell: at white space in the template itself, never inside a value. A value
 * that touches a word becomes part of it, as with execa: `--prefix=${path}` is one argument.
 *
 * @throws InvalidOptionError for an empty template, or a value that is not an argument
 */
export function templateWords(strings: TemplateStringsArray, values: readonly TemplateValue[]): string[] {
  const words: string[] = [];
  let open = false;
  const add = (text: string): void => {
    if (open) words.push((words.pop() ?? '') + text);
    else words.push(text);
    open = true;
  };
  strings.forEach((_, index) => {
    for (const piece of literalPieces(strings, index)) {
      if (piece === separator) open = false;
      else add(piece);
    }
    if (index < values.length) addValue(values[index], add, () => (open = false));
  });
  if (words.length === 0) throw new InvalidOptionError('the command', 'must not be empty', '');
  return words;
}

/** Makes a shell script of a template: every value is quoted, a list becomes several quoted words. */
export function templateScript(strings: TemplateStringsArray, values: readonly TemplateValue[]): string {
  let script = '';
  strings.forEach((literal: string | undefined, index) => {
    script += literal ?? invalidEscape(strings, index);
    if (index < values.length) script += itemsOf(values[index]).map(quote).join(' ');
  });
  return script;
}

const separator = Symbol('white space between words');

function addValue(value: TemplateValue | undefined, add: (text: string) => void, close: () => void): void {
  itemsOf(value).forEach((item, index) => {
    if (index > 0) close();
    add(item);
  });
}

/**
 * Returns the words and separators of one literal part. White space that was written as an escape (`\n`) belongs to its
 * word. Only the raw string tells the two apart, so its escapes are decoded here.
 */
function literalPieces(strings: TemplateStringsArray, index: number): (string | typeof separator)[] {
  const pieces: (string | typeof separator)[] = [];
  const raw = strings.raw[index] ?? '';
  let word = '';
  for (const [escape] of raw.matchAll(/\\(?:u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|\r\n|[^])|[^]/g)) {
    if (/^[ \t\r\n]$/.test(escape)) {
      if (word !== '') pieces.push(word);
      pieces.push(separator);
      word = '';
    } else {
      word += escape.startsWith('\\') ? cooked(escape, strings, index) : escape;
    }
  }
  if (word !== '') pieces.push(word);
  return pieces;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

/** Decodes one escape sequence of a template literal (ECMA-262, "TemplateCharacter"). */
function cooked(escape: string, strings: TemplateStringsArray, index: number): string {
  // Undefined: JavaScript has found an invalid sequence in the literal.
  if (strings[index] === undefined) invalidEscape(strings, index);
  const body = escape.slice(1);
  if (/^[ux]./.test(body)) return String.fromCodePoint(parseInt(body.replace(/[ux{}]/g, ''), 16));
  if (/^[\r\n\u2028\u2029]/.test(body)) return '';
  return simpleEscapes[body] ?? body;
}

function invalidEscape(strings: TemplateStringsArray, index: number): never {
  throw new InvalidOptionError(
    'the command',
    'has a backslash sequence that JavaScript does not know; write two backslashes for one',
    strings.raw[index],
  );
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
