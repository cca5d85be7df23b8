import { formatDifference } from '../../isolation/host/compare';
import { checkHostUnchanged, type HostUnchangedOptions } from '../../isolation/host/unchanged';
import { printable } from '../../support/printable';
import { firstLines } from '../../support/lines';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';
import { maxPaths } from './received-changes';

/**
 * Passes if the watched files of the host are as before.
 *
 * @throws InvalidOptionError for an unknown option, and for a `since` that is not a snapshot
 * @throws IsolationError `NO_SNAPSHOT` if there is no earlier state to compare with
 * @throws MatcherError if some files could not be read, and the others are as before
 */
export async function hostUnchanged(
  context: MatcherContext,
  options: HostUnchangedOptions,
): Promise<MatcherResult> {
  const { unchanged, differences, evidence } = await checkHostUnchanged(options);
  const unread = evidence.filter(({ status }) => status === 'unknown').map(({ found }) => found);
  if (differences.length === 0 && !unchanged) {
    throw new MatcherError(
      `belljar could not check whether the host is unchanged:\n${firstLines(unread).join('\n')}`,
    );
  }
  const { utils, isNot = false } = context;
  const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  return {
    pass: unchanged,
    compared: () => ({ actual: firstLines(differences.map(formatDifference), maxPaths), expected: [] }),
    message: () =>
      failureMessage(context, {
        matcher: 'toBeUnchanged',
        lines: [
          ['Watched', evidence[0]?.how ?? ''],
          ['Expected', utils.EXPECTED_COLOR(isNot ? 'any difference' : (evidence[0]?.expected ?? ''))],
          ['Received', utils.RECEIVED_COLOR(unchanged ? 'no difference' : count)],
        ],
        evidence: firstLines([
          ...differences.map((difference) => printable(formatDifference(difference))),
          ...unread.map((message) => utils.DIM_COLOR(`not read: ${message}`)),
        ]).join('\n'),
      }),
  };
}
