import { isBreach, type IsolationReport } from '../../isolation/evidence';
import { formatEvidence, summarize } from '../../isolation/format';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';

interface Judged {
  matcher: string;
  /** The name of the checked container, and of what it should be isolated from. */
  subject: string;
  from: string;
  report: IsolationReport;
}

/**
 * Makes the result of an isolation matcher from its report.
 *
 * @throws MatcherError with `.not`, if nothing is open but something could not be checked, which proves nothing
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
      `belljar could not check whether ${subject} is isolated from ${from}.\n\n${formatEvidence(report)}`,
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
