import type { Box } from '../box/box';
import type { ContainerPath } from '../filesystem/path';
import { permissionBits } from '../filesystem/read-write';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { account, listOfNames, orAsymmetric } from './support/option-checks';
import { isAsymmetric, type Asymmetric } from './support/expected-value';
import { accessAspects, asymmetricText, type AccessExpectation, type Aspect } from './aspects/file-aspects';
import type { MatcherContext, MatcherResult } from './support/message';
import { pathResult } from './support/path-result';
import { boxOf } from './support/received-box';

/** The expected properties of a directory; properties that are not named do not matter. */
export interface DirectoryExpectation extends AccessExpectation {
  /** All names in the directory, in any order, or an asymmetric matcher for the sorted names. */
  entries?: readonly string[] | Asymmetric;
}

const checks = {
  mode: orAsymmetric(permissionBits),
  owner: orAsymmetric(account),
  group: orAsymmetric(account),
  entries: orAsymmetric(listOfNames),
} satisfies OptionChecks<DirectoryExpectation>;

export async function toHaveDirectory(
  this: MatcherContext,
  received: Box,
  path: ContainerPath,
  options: DirectoryExpectation = {},
): Promise<MatcherResult> {
  const { files } = boxOf(received);
  checkOptions(options, checks);
  const { entries } = options;
  return pathResult(this, {
    matcher: 'toHaveDirectory',
    files,
    path,
    wanted: 'directory',
    options,
    aspects: async (info, there) => [
      ...accessAspects(this, options, info),
      ...(entries === undefined ? [] : [entriesAspect(this, entries, await files.list(there))]),
    ],
  });
}

function entriesAspect(
  context: MatcherContext,
  expected: readonly string[] | Asymmetric,
  found: readonly string[],
): Aspect {
  if (isAsymmetric(expected)) {
    const passes = context.equals(found, expected);
    const text = context.utils.stringify(found);
    return { name: 'entries', passes, expected: asymmetricText(context, expected), found: text };
  }
  const sorted = [...expected].sort();
  const annotations = { aAnnotation: 'Expected entries', bAnnotation: 'Received entries' };
  const diff = context.utils.diff(sorted, found, { expand: false, ...annotations });
  return {
    name: 'entries',
    passes: context.equals(found, sorted),
    expected: sorted.length === 0 ? 'none' : sorted.join(', '),
    found: found.length === 0 ? 'none' : found.join(', '),
    ...(diff === null || found.length + sorted.length < 8 ? {} : { diff }),
  };
}
