import { types } from 'node:util';
import type { OptionCheck } from './check-options';
import { InvalidOptionError } from '../errors';

/**
 * Returns a check.
 *
 * @param problem the requirement that a refused value does not meet, as it reads after the option's name:
 * `must be true or false`
 * @param holds returns whether a value passes the check
 */
export function must(problem: string, holds: (value: unknown) => boolean): OptionCheck {
  return (name, value) => {
    if (!holds(value)) throw new InvalidOptionError(name, problem, value);
  };
}

/** Passes any value. The code that uses the option checks it. */
export const anything: OptionCheck = () => undefined;

export const trueOrFalse = must('must be true or false', (value) => typeof value === 'boolean');

/** Passes finite times, so not `Infinity`. */
export const milliseconds = must(
  'must be a number of milliseconds, 0 or more',
  (value) => isNumber(value) && Number.isFinite(value) && value >= 0,
);

/**
 * Passes numbers of 0 or more, and `Infinity`.
 *
 * @param what the unit: `bytes` makes `must be a number of bytes, 0 or more`
 */
export function numberOf(what: string): OptionCheck {
  return must(`must be a number of ${what}, 0 or more`, (value) => isNumber(value) && value >= 0);
}

/** Passes whole numbers of 0 or more, so not `Infinity`. */
export function wholeNumberOf(what: string): OptionCheck {
  return must(`must be a number of ${what}, 0 or more`, (value) => isWholeNumber(value, 0, Infinity));
}

/** Passes whole numbers from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): OptionCheck {
  return must(`must be a whole number from ${min} to ${max}`, (value) => isWholeNumber(value, min, max));
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

/** Passes strings that are not empty, and patterns. */
export const textOrPattern = must('must be a string that is not empty, or a RegExp', isTextOrPattern);

export const listOfStrings = must('must be a list of strings', isListOfStrings);

/** Passes an object whose values are strings. The message does not show a wrong value, which may be a secret. */
export const namesAndStrings: OptionCheck = (option, value) => {
  for (const [name, text] of entriesOf(option, value)) {
    if (typeof text !== 'string') throw new InvalidOptionError(`${option}: ${name}`, 'must be a string');
  }
};

/**
 * Passes variables of an environment (POSIX, "Environment Variables"). The message does not show a wrong value, which
 * may be a secret.
 */
export const environment: OptionCheck = (option, value) => {
  for (const [name, text] of entriesOf(option, value)) {
    if (name === '' || /[=\0]/.test(name))
      throw new InvalidOptionError(option, 'has a name that no variable can have', name);
    if (!isText(text))
      throw new InvalidOptionError(`${option}: ${name}`, 'must be a string without a NUL character');
  }
};

/**
 * Passes lists whose items pass a check.
 *
 * @param problem the requirement that a refused value does not meet: `must be a list of ports`
 */
export function eachOf(problem: string, check: OptionCheck): OptionCheck {
  return (name, value) => {
    if (!Array.isArray(value)) throw new InvalidOptionError(name, problem, value);
    value.forEach((item: unknown) => check(name, item));
  };
}

export const aFunction = must('must be a function', (value) => typeof value === 'function');

/** Passes abort signals. Not by instanceof: a test file's `AbortSignal` belongs to another realm. */
export const abortSignal = must(
  'must be an AbortSignal',
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
);

/** Returns whether a value is a string that a kernel accepts: one without a NUL character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Returns whether a value is a whole number from `min` to `max`, both included. */
export function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= min && value <= max;
}

/**
 * Returns whether a value is a string that is not empty, or a pattern. Not by instanceof: a test file's `RegExp`
 * belongs to another realm.
 */
export function isTextOrPattern(value: unknown): value is string | RegExp {
  return types.isRegExp(value) || (typeof value === 'string' && value !== '');
}

export function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/**
 * Returns the entries of an object of names and values.
 *
 * @throws InvalidOptionError for anything else
 */
export function entriesOf(option: string, value: unknown): [name: string, value: unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new InvalidOptionError(option, 'must be an object of names and values');
}
