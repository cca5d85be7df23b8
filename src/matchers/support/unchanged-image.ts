import type { Image } from '../../image/image';
import type { ImageDifference } from '../../image/verify/report';
import type { VerifyOptions } from '../../image/verify/verify';
import { printable } from '../../support/printable';
import { firstLines } from '../../support/lines';
import { MatcherError } from './errors';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';

/** Options that set how closely an image is compared with its earlier state. */
export type ImageUnchangedOptions = VerifyOptions;

/**
 * Passes if `verify()` finds no difference.
 *
 * @throws MatcherError if a part could not be checked, and the other parts are the same
 */
export async function imageUnchanged(
  context: MatcherContext,
  image: Image,
  options: ImageUnchangedOptions,
): Promise<MatcherResult> {
  const report = await image.verify(options);
  const real = report.differences.filter(({ kind }) => kind !== 'unchecked');
  if (real.length === 0 && !report.unchanged) throw notChecked(image, report.differences);
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

function notChecked({ reference }: Image, differences: readonly ImageDifference[]): MatcherError {
  const reasons = differences.map(({ message }) => message);
  return new MatcherError(
    `belljar could not check whether the image ${reference} is unchanged. ${reasons.join(' ')}`,
  );
}

function countDifferences(count: number): string {
  if (count === 0) return 'no difference';
  return count === 1 ? '1 difference' : `${count} differences`;
}
