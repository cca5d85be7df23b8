import { types } from 'node:util';
import type { Box } from '../box/box';
import { trimmed, type ContainerPath } from '../filesystem/path';
import { checkOptions, ownerCheck, textCheck } from './support/check-options';
import { isAsymmetric, type Asymmetric } from './support/expected-value';
import { accessAspects, textAspect, type AccessExpectation } from './aspects/file-aspects';
import type { MatcherContext, MatcherResult } from './support/message';
import { pathResult } from './support/path-result';
import { boxOf } from './support/received-box';

/** What a symbolic link is expected to be like; what is not named does not matter. A link has no mode of its own. */
export interface SymlinkExpectation extends Pick<AccessExpectation, 'owner' | 'group'> {
  /** Where it points, exactly as it is written in the link: relative or absolute, there or not; or a pattern in it. */
  target?: string | RegExp | Asymmetric;
}

const checks = { target: textCheck, owner: ownerCheck, group: ownerCheck };

/**
 * Passes where a path is a symbolic link, whether or not it leads to anything, that is as expected. With `.not` it
 * passes where there is no such link: something else, nothing, or one that differs in any of what was named.
 *
 * @param expected the target, or what else the link is expected to be like
 */
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
