import * as utils from 'jest-matcher-utils';
import type { MatcherContext } from '../../src/matchers/support/message';

/** The context that Jest passes to a matcher as `this`, without colors. */
export function matcherContext({ isNot = false } = {}): MatcherContext {
  const plain = (text: string): string => text;
  return {
    isNot,
    promise: '',
    utils: {
      ...utils,
      matcherHint: (name, received, expected, options) =>
        stripColors(utils.matcherHint(name, received, expected, options)),
      EXPECTED_COLOR: plain,
      RECEIVED_COLOR: plain,
      DIM_COLOR: plain,
    },
    equals: Object.is,
  };
}

function stripColors(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
}
