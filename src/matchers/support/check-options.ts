import { types } from 'node:util';
import { InvalidOptionError } from '../../support/errors';
import { isAsymmetric } from './expected-value';

/** What is wrong with the value of an option, as it reads after the option's name; undefined where nothing is. */
export type OptionCheck = (value: unknown) => string | undefined;

/**
 * Refuses options that a matcher does not have or can't use: a mistyped one would be an assertion that nobody makes.
 *
 * @throws InvalidOptionError
 */
export function checkOptions(options: unknown, checks: Readonly<Record<string, OptionCheck>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionError('The options', 'must be an object', options);
  }
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      throw new InvalidOptionError(
        name,
        `is not an option; there are ${Object.keys(checks).join(', ')}`,
        value,
      );
    }
    const problem = value === undefined || isAsymmetric(value) ? undefined : check(value);
    if (problem !== undefined) throw new InvalidOptionError(name, problem, value);
  }
}

export const modeCheck: OptionCheck = (value) =>
  isIntegerUpTo(value, 0o7777) ? undefined : 'must be permission bits from 0 to 0o7777, such as 0o755';

export const ownerCheck: OptionCheck = (value) =>
  isName(value) || isIntegerUpTo(value, 0xffff_ffff)
    ? undefined
    : 'must be a name in the container, or a numeric id';

export const sizeCheck: OptionCheck = (value) =>
  isIntegerUpTo(value, Number.MAX_SAFE_INTEGER) ? undefined : 'must be a number of bytes';

export const textCheck: OptionCheck = (value) =>
  typeof value === 'string' || types.isRegExp(value) ? undefined : 'must be a string or a RegExp';

export const contentCheck: OptionCheck = (value) =>
  ArrayBuffer.isView(value) || textCheck(value) === undefined
    ? undefined
    : 'must be a string, bytes or a RegExp';

export const sha256Check: OptionCheck = (value) =>
  typeof value === 'string' && /^(sha256:)?[0-9a-f]{64}$/i.test(value)
    ? undefined
    : 'must be 64 hexadecimal digits, with or without sha256: before them';

export const timeoutCheck: OptionCheck = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a number of milliseconds, 0 or more';

/** Options that are other than asymmetric matchers are not checked here, but where they are used. */
export const unchecked: OptionCheck = () => undefined;

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isIntegerUpTo(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}
