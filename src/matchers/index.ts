import type { MatcherContext, MatcherResult } from './support/message';
import { safely, type JestMatcher } from './support/safely';
import { toBeIsolatedFrom } from './to-be-isolated-from';
import { toBeIsolatedFromHost } from './to-be-isolated-from-host';
import { toBeUnchanged } from './to-be-unchanged';
import { toExitWith } from './to-exit-with';
import { toHaveChanged } from './to-have-changed';
import { toHaveChangedOnly } from './to-have-changed-only';
import { toHaveDirectory } from './to-have-directory';
import { toHaveFile } from './to-have-file';
import { toHaveSymlink } from './to-have-symlink';
import { toListenOn } from './to-listen-on';
import { toPrint, toPrintError } from './to-print';
import { toShow } from './to-show';
import { toSucceed } from './to-succeed';
import type { BelljarMatchers } from './types';

/** A function for each matcher that users see, with its parameters. */
type MatcherFunctions = {
  [Name in keyof BelljarMatchers]: (
    this: MatcherContext,
    received: never,
    ...expected: Parameters<BelljarMatchers[Name]>
  ) => MatcherResult | Promise<MatcherResult>;
};

/** All matchers, in the form that `expect.extend` takes. {@link BelljarMatchers} documents each of them. */
export const matchers: Record<keyof BelljarMatchers, JestMatcher> = safely({
  toSucceed,
  toExitWith,
  toPrint,
  toPrintError,
  toHaveFile,
  toHaveDirectory,
  toHaveSymlink,
  toHaveChanged,
  toHaveChangedOnly,
  toBeUnchanged,
  toBeIsolatedFromHost,
  toBeIsolatedFrom,
  toShow,
  toListenOn,
} satisfies MatcherFunctions);
