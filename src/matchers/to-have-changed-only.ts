import type { Box } from '../box/box';
import type { Change, Changes } from '../filesystem/changes/change';
import type { ChangesOptions } from '../filesystem/changes/changes';
import { checkOptions } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import { changedLines } from './support/changed-lines';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';
import {
  filterChecks,
  changesOf,
  countChanges,
  listChanges,
  pathMatcher,
  pathsOf,
} from './support/received-changes';

/** Options that select the changes that count. */
export type OnlyOptions = Pick<ChangesOptions, 'ignore' | 'under'>;

export async function toHaveChangedOnly(
  this: MatcherContext,
  received: Box | Changes,
  paths: readonly string[],
  options: OnlyOptions = {},
): Promise<MatcherResult> {
  const patterns = checkedPatterns(paths);
  checkOptions(options, filterChecks);
  const changes = await changesOf(received, options);
  const isExpected = ({ path }: Change): boolean => patterns.some(({ matches }) => matches(path));
  const unexpected = changes.filter((change) => !isExpected(change));
  const unmatched = patterns.filter(({ matches }) => !changes.some(({ path }) => matches(path)));
  const judged = {
    paths,
    unexpected,
    expected: changes.filter(isExpected),
    unmatched: unmatched.map(({ pattern }) => pattern),
  };
  const pass = unexpected.length === 0 && unmatched.length === 0;
  const withLines = await changedLines(this, changes, pass, pass ? changes : unexpected);
  return {
    pass,
    compared: () => ({ actual: pathsOf(changes), expected: paths }),
    message: () =>
      failureMessage(this, {
        matcher: 'toHaveChangedOnly',
        expected: '[…]',
        lines: [
          ['Expected', this.utils.EXPECTED_COLOR(expectation(this, paths))],
          ['Received', this.utils.RECEIVED_COLOR(summary(judged))],
        ],
        evidence: evidenceOf(this, {
          ...judged,
          unexpected: withLines(unexpected),
          expected: withLines(judged.expected),
        }),
      }),
  };
}

interface Judged {
  paths: readonly string[];
  unexpected: Changes;
  expected: Changes;
  /** The patterns that no change matches. */
  unmatched: readonly string[];
}

function checkedPatterns(paths: unknown): { pattern: string; matches: (path: string) => boolean }[] {
  if (!Array.isArray(paths))
    throw new InvalidOptionError('The paths', 'must be a list of absolute paths or globs', paths);
  return (paths as readonly string[]).map((pattern) => ({
    pattern,
    matches: pathMatcher('A path', pattern),
  }));
}

function expectation({ isNot = false }: MatcherContext, paths: readonly string[]): string {
  if (paths.length === 0) return isNot ? 'any change' : 'no changes';
  return isNot
    ? `a change outside of ${paths.join(', ')}, or no change in one of them`
    : `changes in each of ${paths.join(', ')}, and nowhere else`;
}

function summary({ unexpected, unmatched, expected }: Judged): string {
  const parts = [
    unexpected.length > 0 ? `${countChanges(unexpected)} elsewhere` : '',
    unmatched.length > 0 ? `no change in ${unmatched.join(', ')}` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join('; ') : countChanges(expected);
}

/** Lists all unexpected changes first, then at most ten of the expected changes. */
function evidenceOf({ utils }: MatcherContext, { unexpected, expected }: Judged): string {
  const title = expected.length === 0 ? '' : 'As expected:\n';
  const rest = expected.length === 0 ? '' : utils.DIM_COLOR(`${title}${listChanges(expected, 10)}`);
  if (unexpected.length === 0) return rest;
  return [`Not expected:\n${utils.RECEIVED_COLOR(listChanges(unexpected))}`, rest]
    .filter((part) => part !== '')
    .join('\n\n');
}
