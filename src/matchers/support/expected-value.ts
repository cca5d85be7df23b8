import { types } from 'node:util';
import { hasPattern } from '../../support/pattern';
import type { MatcherContext } from './message';

/** One of Jest's asymmetric matchers: `expect.stringContaining('…')`, `expect.any(Number)`. */
export interface Asymmetric {
  asymmetricMatch(other: unknown): boolean;
}

/** Whether something is one of Jest's asymmetric matchers. */
export function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value;
}

/** What is expected, as text: an asymmetric matcher as Jest prints it, without color. */
export function expectedText({ utils }: MatcherContext, expected: string | RegExp | Asymmetric): string {
  return isAsymmetric(expected) ? utils.stringify(expected) : String(expected);
}

/** Whether text has the pattern in it, or is what an asymmetric matcher wants. */
export function matchesText(context: MatcherContext, text: string, expected: RegExp | Asymmetric): boolean {
  // Not instanceof: in a test file, a RegExp is another realm's.
  if (types.isRegExp(expected)) return hasPattern(text, expected);
  return context.equals(text, expected);
}
