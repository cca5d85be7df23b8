import { CommandError, outputEndOf } from '../../command/error';
import type { CommandResult } from '../../command/result';
import { isPromise } from '../../support/is-promise';
import { InvalidOptionError } from '../../support/errors';
import type { MatcherContext, MatcherResult } from './message';

type AnyResult = CommandResult<string | Uint8Array>;

/** What a command matcher may be given: a result, an error that has one, or the promise of either. */
export type Received = AnyResult | Promise<AnyResult>;

/**
 * Judges a result, at once where it is there and later where it is promised. A command that failed rejects its promise
 * with a `CommandError`, which is a result as well; any other rejection stays one.
 *
 * @throws InvalidOptionError for something that is no result
 */
export function judgeResult(
  received: unknown,
  judge: (result: AnyResult) => MatcherResult,
): MatcherResult | Promise<MatcherResult> {
  if (isPromise(received))
    return received.then(
      (result) => judge(resultOf(result)),
      (thrown: unknown) => judge(rejected(thrown)),
    );
  return judge(resultOf(received));
}

/** The exit code of a command that ended by itself; of another, the code of its error. */
export function endOf({ code, exitCode }: AnyResult): number | string {
  return code === undefined || code === 'EXIT_CODE' ? (exitCode ?? 'unknown') : code;
}

/** The command and how it ended, in a line. */
export function describeEnd(result: AnyResult): string {
  if (result.code !== undefined && result.code !== 'EXIT_CODE') return result.code;
  const signal = result.signal === undefined ? '' : ` (${result.signal})`;
  return `exit code ${result.exitCode ?? 'unknown'}${signal}`;
}

/** What the command printed, as evidence. */
export function outputEvidence(context: MatcherContext, result: AnyResult): string {
  return context.utils.DIM_COLOR(outputEndOf(result).replace(/^\n+/, '') || 'It printed nothing.');
}

function rejected(thrown: unknown): AnyResult {
  if (isResult(thrown)) return thrown;
  throw thrown;
}

function resultOf(received: unknown): AnyResult {
  if (received instanceof CommandError || isResult(received)) return received as AnyResult;
  throw new InvalidOptionError(
    'The value given to expect()',
    'must be the result of a command, or its promise',
    received,
  );
}

function isResult(value: unknown): value is AnyResult {
  return typeof value === 'object' && value !== null && 'exitCode' in value && 'escapedCommand' in value;
}
