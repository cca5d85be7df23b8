import { printedCommand } from '../command/origin';
import { formatEnd, endOf, judgeResult, outputEvidence, type Received } from './support/command-result';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';

export function toSucceed(this: MatcherContext, received: Received): MatcherResult | Promise<MatcherResult> {
  return judgeResult(received, (result) => ({
    pass: !result.failed,
    compared: () => ({ actual: endOf(result), expected: 0 }),
    message: () =>
      failureMessage(this, {
        matcher: 'toSucceed',
        lines: [
          ['Command', printedCommand(result)],
          ['Expected', this.utils.EXPECTED_COLOR(this.isNot ? 'a failure' : 'exit code 0')],
          ['Received', this.utils.RECEIVED_COLOR(formatEnd(result))],
        ],
        evidence: outputEvidence(this, result),
      }),
  }));
}
