import { isBreach, type IsolationReport } from '../../isolation/evidence';
import { formatEvidence, summarize } from '../../isolation/format';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';

interface Judged {
  matcher: string;
  /** What was looked at, and what it should be sealed off from, for people. */
  subject: string;
  from: string;
  report: IsolationReport;
}

/**
 * What an isolation matcher gives back: the report decides, and stands in the message.
 *
 * @throws MatcherError with `.not`, where nothing is open and something could not be looked at: that proves nothing
 */
export function isolationResult(
  context: MatcherContext,
  { matcher, subject, from, report }: Judged,
): MatcherResult {
  const { utils } = context;
  if (
    context.isNot === true &&
    !report.isolated &&
    !report.evidence.some(({ status }) => status === 'open')
  ) {
    throw new MatcherError(
      `Whether ${subject} is isolated from ${from} can't be told.\n\n${formatEvidence(report)}`,
    );
  }
  const not = context.isNot === true ? 'not ' : '';
  return {
    pass: report.isolated,
    compared: () => ({
      actual: report.evidence.filter(isBreach).map(({ check, found }) => `${check}: ${found}`),
      expected: [],
    }),
    message: () =>
      failureMessage(context, {
        matcher,
        lines: [
          ['Expected', utils.EXPECTED_COLOR(`${subject} ${not}to be isolated from ${from}`)],
          ['Received', utils.RECEIVED_COLOR(summarize(report))],
        ],
        evidence: formatEvidence(report, {
          expected: (text) => utils.EXPECTED_COLOR(text),
          found: (text) => utils.RECEIVED_COLOR(text),
          dim: (text) => utils.DIM_COLOR(text),
        }),
      }),
  };
}
