import { formatDifference } from '../../isolation/host/compare';
import { checkHostUnchanged, type HostUnchangedOptions } from '../../isolation/host/unchanged';
import { printable } from '../../support/printable';
import { firstLines } from '../../support/lines';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';
import { maxPaths } from './received-changes';

/**
 * The host is unchanged where the watched files are as they were.
 *
 * @throws InvalidOptionError for an option that can't be used
 * @throws IsolationError `NO_SNAPSHOT` where nothing says how they were
 * @throws MatcherError where some could not be read, and the others are as they were
 */
export async function hostUnchanged(
  context: MatcherContext,
  options: HostUnchangedOptions,
): Promise<MatcherResult> {
  const { unchanged, differences, evidence } = await checkHostUnchanged(options);
  const unread = evidence.filter(({ status }) => status === 'unknown').map(({ found }) => found);
  if (differences.length === 0 && !unchanged) {
    throw new MatcherError(`Whether the host is unchanged can't be told:\n${firstLines(unread).join('\n')}`);
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
