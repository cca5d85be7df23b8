import { types } from 'node:util';
import type { Box } from '../box/box';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { trimmed, type ContainerPath } from '../filesystem/path';
import { account, orAsymmetric, stringOrPattern } from './support/option-checks';
import { isAsymmetric, type Asymmetric } from './support/expected-value';
import { accessAspects, textAspect, type AccessExpectation } from './aspects/file-aspects';
import type { MatcherContext, MatcherResult } from './support/message';
import { pathResult } from './support/path-result';
import { boxOf } from './support/received-box';

/** The expected properties of a symbolic link; properties that are not named do not matter. A link has no own mode. */
export interface SymlinkExpectation extends Pick<AccessExpectation, 'owner' | 'group'> {
  /** The link's target exactly as it is written in the link, relative or absolute; or a pattern that matches it. */
  target?: string | RegExp | Asymmetric;
}

const checks = {
  target: orAsymmetric(stringOrPattern),
  owner: orAsymmetric(account),
  group: orAsymmetric(account),
} satisfies OptionChecks<SymlinkExpectation>;

export async function toHaveSymlink(
  this: MatcherContext,
  received: Box,
  path: ContainerPath,
  expected: SymlinkExpectation | NonNullable<SymlinkExpectation['target']> = {},
): Promise<MatcherResult> {
  const { files } = boxOf(received);
  const options = isTarget(expected) ? { target: expected } : expected;
  checkOptions(options, checks);
  const atLink = typeof path === 'string' ? trimmed(path) : path;
  const { target } = options;
  return pathResult(this, {
    matcher: 'toHaveSymlink',
    files,
    path: atLink,
    wanted: 'symlink',
    options,
    aspects: (info) => [
      ...(target === undefined ? [] : [textAspect(this, 'target', target, info.target ?? '')]),
      ...accessAspects(this, options, info),
    ],
  });
}

type Target = NonNullable<SymlinkExpectation['target']>;

function isTarget(expected: SymlinkExpectation | Target): expected is Target {
  return typeof expected === 'string' || types.isRegExp(expected) || isAsymmetric(expected);
}
