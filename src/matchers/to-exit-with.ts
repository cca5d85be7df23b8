import { printedCommand } from '../command/origin';
import { formatEnd, endOf, judgeResult, outputEvidence, type Received } from './support/command-result';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';

export function toExitWith(
  this: MatcherContext,
  received: Received,
  exitCode: number,
): MatcherResult | Promise<MatcherResult> {
  return judgeResult(received, (result) => ({
    pass: result.exitCode === exitCode && !result.timedOut && !result.isCanceled && !result.isMaxBuffer,
    compared: () => ({ actual: endOf(result), expected: exitCode }),
    message: () =>
      failureMessage(this, {
        matcher: 'toExitWith',
        expected: String(exitCode),
        lines: [
          ['Command', printedCommand(result)],
          ['Expected', this.utils.EXPECTED_COLOR(`${this.isNot ? 'not ' : ''}exit code ${exitCode}`)],
          ['Received', this.utils.RECEIVED_COLOR(formatEnd(result))],
        ],
        evidence: outputEvidence(this, result),
      }),
  }));
}
