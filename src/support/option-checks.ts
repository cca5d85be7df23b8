import { types } from 'node:util';
import type { OptionCheck } from './check-options';
import { InvalidOptionError } from './errors';

/**
 * Returns a check.
 *
 * @param problem what is wrong with a value that fails it, as it reads after the option's name: `must be true or false`
 * @param holds whether a value passes it
 */
export function must(problem: string, holds: (value: unknown) => boolean): OptionCheck {
  return (name, value) => {
    if (!holds(value)) throw new InvalidOptionError(name, problem, value);
  };
}

/** Passes any value: whatever uses the option checks it. */
export const anything: OptionCheck = () => undefined;

export const trueOrFalse = must('must be true or false', (value) => typeof value === 'boolean');

/** A time that ends: not `Infinity`. */
export const milliseconds = must(
  'must be a number of milliseconds, 0 or more',
  (value) => isNumber(value) && Number.isFinite(value) && value >= 0,
);

/**
 * Passes numbers from 0 on, `Infinity` too.
 *
 * @param what for people: `bytes` makes `must be a number of bytes, 0 or more`
 */
export function numberOf(what: string): OptionCheck {
  return must(`must be a number of ${what}, 0 or more`, (value) => isNumber(value) && value >= 0);
}

/** The same for whole numbers, so not for `Infinity`. */
export function wholeNumberOf(what: string): OptionCheck {
  return must(`must be a number of ${what}, 0 or more`, (value) => isWholeNumber(value, 0, Infinity));
}

/** Passes whole numbers within limits, both included. */
export function wholeNumber(least: number, most: number): OptionCheck {
  return must(`must be a whole number from ${least} to ${most}`, (value) =>
    isWholeNumber(value, least, most),
  );
}

/** Passes the values that are listed, two or more. */
export function oneOf(allowed: readonly string[]): OptionCheck {
  const quoted = allowed.map((value) => `'${value}'`);
  return must(
    `must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`,
    (value) => typeof value === 'string' && allowed.includes(value),
  );
}

export const absolutePath = must(
  'must be an absolute path in the container',
  (value) => isText(value) && value.startsWith('/'),
);

/** Passes a text that is not empty, and a pattern. */
export const textOrPattern = must('must be a text or a RegExp', isTextOrPattern);

export const listOfStrings = must('must be a list of strings', isListOfStrings);

/** Passes an object whose values are strings. A value that is not is not shown: it may be a secret. */
export const namesAndStrings: OptionCheck = (option, value) => {
  for (const [name, text] of entriesOf(option, value)) {
    if (typeof text !== 'string') throw new InvalidOptionError(`${option}: ${name}`, 'must be a string');
  }
};

/** Passes variables of an environment (POSIX, "Environment Variables"). A value is not shown: it may be a secret. */
export const environment: OptionCheck = (option, value) => {
  for (const [name, text] of entriesOf(option, value)) {
    if (name === '' || /[=\0]/.test(name))
      throw new InvalidOptionError(option, 'has a name that no variable can have', name);
    if (!isText(text))
      throw new InvalidOptionError(`${option}: ${name}`, 'must be a string without a NUL character');
  }
};

export const aFunction = must('must be a function', (value) => typeof value === 'function');

/** Not instanceof: a test file's own `AbortSignal` is of another realm. */
export const abortSignal = must(
  'must be an AbortSignal',
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
);

/** Whether a value is a string that a container's kernel takes: without a NUL character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Whether a value is a whole number within limits, both included. */
export function isWholeNumber(value: unknown, least: number, most: number): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= least && value <= most;
}

/** Whether a value is a text that is not empty, or a pattern. Not instanceof: a test file's `RegExp` is of another realm. */
export function isTextOrPattern(value: unknown): value is string | RegExp {
  return types.isRegExp(value) || (typeof value === 'string' && value !== '');
}

export function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function entriesOf(option: string, value: unknown): [name: string, value: unknown][] {
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  throw new InvalidOptionError(option, 'must be an object of names and strings');
}
