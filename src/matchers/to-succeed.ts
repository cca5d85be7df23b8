import { printedCommand } from '../command/origin';
import { describeEnd, judgeResult, outputEvidence, type Received } from './support/command-result';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';

/** Passes if a command ended by itself with exit code 0. */
export function toSucceed(this: MatcherContext, received: Received): MatcherResult | Promise<MatcherResult> {
  return judgeResult(received, (result) => ({
    pass: !result.failed,
    message: () =>
      failureMessage(this, {
        matcher: 'toSucceed',
        lines: [
          ['Command', printedCommand(result)],
          ['Expected', this.utils.EXPECTED_COLOR(this.isNot ? 'a failure' : 'exit code 0')],
          ['Received', this.utils.RECEIVED_COLOR(describeEnd(result))],
        ],
        evidence: outputEvidence(this, result),
      }),
  }));
}
