import type { Image } from '../../image/image';
import type { ImageDifference } from '../../image/verify/report';
import type { VerifyOptions } from '../../image/verify/verify';
import { printable } from '../../support/printable';
import { firstLines } from '../../support/lines';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';

export type ImageUnchangedOptions = VerifyOptions;

/**
 * An image is unchanged where `verify()` finds no difference.
 *
 * @throws MatcherError where a part could not be looked at, and what could is the same
 */
export async function imageUnchanged(
  context: MatcherContext,
  image: Image,
  options: ImageUnchangedOptions,
): Promise<MatcherResult> {
  const report = await image.verify(options);
  const real = report.differences.filter(({ kind }) => kind !== 'unchecked');
  if (real.length === 0 && !report.unchanged) throw notLookedAt(image, report.differences);
  const { utils, isNot = false } = context;
  return {
    pass: report.unchanged,
    compared: () => ({
      actual: report.differences.map(({ kind, message }) => `${kind}: ${message}`),
      expected: [],
    }),
    message: () =>
      failureMessage(context, {
        matcher: 'toBeUnchanged',
        lines: [
          ['Image', `${report.reference} (${report.id})`],
          [
            'Expected',
            utils.EXPECTED_COLOR(`${isNot ? 'a difference' : 'unchanged'}, at the depth "${report.depth}"`),
          ],
          ['Received', utils.RECEIVED_COLOR(countDifferences(report.differences.length))],
        ],
        evidence: firstLines([
          ...report.differences.map(({ kind, message }) => `✕ ${kind}: ${printable(message)}`),
          ...report.evidence.map((sentence) => utils.DIM_COLOR(`✓ ${printable(sentence)}`)),
        ]).join('\n'),
      }),
  };
}

function notLookedAt({ reference }: Image, differences: readonly ImageDifference[]): MatcherError {
  const reasons = differences.map(({ message }) => message);
  return new MatcherError(`Whether the image ${reference} is unchanged can't be told. ${reasons.join(' ')}`);
}

function countDifferences(count: number): string {
  if (count === 0) return 'no difference';
  return count === 1 ? '1 difference' : `${count} differences`;
}
