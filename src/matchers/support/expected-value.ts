import { types } from 'node:util';
import { hasPattern } from '../../support/pattern';
import type { MatcherContext } from './message';

/** One of Jest's asymmetric matchers: `expect.stringContaining('…')`, `expect.any(Number)`. */
export interface Asymmetric {
  asymmetricMatch(other: unknown): boolean;
}

/** Tells if a value is one of Jest's asymmetric matchers. */
export function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value;
}

/** Formats an expected value as text: an asymmetric matcher in Jest's words, without color. */
export function expectedText({ utils }: MatcherContext, expected: string | RegExp | Asymmetric): string {
  return isAsymmetric(expected) ? utils.stringify(expected) : String(expected);
}

/** Tells if a string contains a match of the pattern, or passes the asymmetric matcher. */
export function matchesText(context: MatcherContext, text: string, expected: RegExp | Asymmetric): boolean {
  // Not instanceof, because a RegExp of a test file belongs to another realm.
  if (types.isRegExp(expected)) return hasPattern(text, expected);
  return context.equals(text, expected);
}
