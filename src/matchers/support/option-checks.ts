import { types } from 'node:util';
import type { OptionCheck } from '../../support/options/check-options';
import { isListOfStrings, isWholeNumber, must } from '../../support/options/option-checks';
import { isAsymmetric } from './expected-value';

/** Makes a check that an asymmetric matcher passes, too. */
export function orAsymmetric(check: OptionCheck): OptionCheck {
  return (name, value) => {
    if (!isAsymmetric(value)) check(name, value);
  };
}

/** A user or a group of a container, by name or id. */
export const account = must(
  'must be a name in the container, or a numeric id',
  (value) => (typeof value === 'string' && value !== '') || isWholeNumber(value, 0, 0xffff_ffff),
);

export const fileSize = must('must be a number of bytes', (value) =>
  isWholeNumber(value, 0, Number.MAX_SAFE_INTEGER),
);

export const stringOrPattern = must('must be a string or a RegExp', isStringOrPattern);

export const fileContent = must(
  'must be a string, bytes or a RegExp',
  (value) => ArrayBuffer.isView(value) || isStringOrPattern(value),
);

export const sha256 = must(
  'must be 64 hexadecimal digits, with or without sha256: before them',
  (value) => typeof value === 'string' && /^(sha256:)?[0-9a-f]{64}$/i.test(value),
);

export const listOfNames = must('must be a list of names', isListOfStrings);

/** Not instanceof, because a `RegExp` of a test file belongs to another realm. */
function isStringOrPattern(value: unknown): boolean {
  return typeof value === 'string' || types.isRegExp(value);
}
