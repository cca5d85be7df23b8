import { types } from 'node:util';
import { printedCommand } from '../command/origin';
import { printable } from '../support/printable';
import { judgeResult, formatEnd, outputEvidence, type Received } from './support/command-result';
import { expectedText, matchesText, type Asymmetric } from './support/expected-value';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';

/** The expected output of a command: a string that it contains, a pattern, or an asymmetric matcher of Jest. */
export type ExpectedOutput = string | RegExp | Asymmetric;

export function toPrint(
  this: MatcherContext,
  received: Received,
  expected: ExpectedOutput,
): MatcherResult | Promise<MatcherResult> {
  return judgeOutput(this, 'toPrint', 'stdout', received, expected);
}

export function toPrintError(
  this: MatcherContext,
  received: Received,
  expected: ExpectedOutput,
): MatcherResult | Promise<MatcherResult> {
  return judgeOutput(this, 'toPrintError', 'stderr', received, expected);
}

function judgeOutput(
  context: MatcherContext,
  matcher: string,
  stream: 'stdout' | 'stderr',
  received: Received,
  expected: ExpectedOutput,
): MatcherResult | Promise<MatcherResult> {
  return judgeResult(received, (result) => {
    const output = textOf(result[stream]);
    return {
      pass: matches(context, output, expected),
      compared: () => ({ actual: output, expected: expectedText(context, expected) }),
      message: () =>
        failureMessage(context, {
          matcher,
          expected: types.isRegExp(expected) ? String(expected) : 'text',
          lines: [
            ['Command', printedCommand(result)],
            ['Ended', formatEnd(result)],
            [
              `Expected ${stream}`,
              `${expectation(context, expected)} ${context.utils.printExpected(expected)}`,
            ],
            [`Received ${stream}`, context.utils.RECEIVED_COLOR(excerpt(context, output))],
          ],
          evidence: outputEvidence(context, result),
        }),
    };
  });
}

function matches(context: MatcherContext, output: string, expected: ExpectedOutput): boolean {
  if (typeof expected === 'string') return output.includes(expected);
  return matchesText(context, output, expected);
}

function expectation(context: MatcherContext, expected: ExpectedOutput): string {
  const not = context.isNot ? 'not ' : '';
  if (typeof expected === 'string') return `${not}to contain`;
  return types.isRegExp(expected) ? `${not}to match` : `${not}to be`;
}

function excerpt({ redact = same }: MatcherContext, output: string): string {
  if (output === '') return 'nothing';
  const safe = redact(output);
  const shown = safe.length > 2000 ? `…${safe.slice(-2000)}` : safe;
  return `"${printable(shown).replaceAll('\n', '\\n')}"`;
}

function same(text: string): string {
  return text;
}

function textOf(output: string | Uint8Array): string {
  return typeof output === 'string' ? output : Buffer.from(output).toString();
}
