import { CommandError, outputEndOf } from '../../command/errors';
import type { CommandResult } from '../../command/result';
import { isPromise } from '../../support/is-promise';
import { InvalidOptionError } from '../../support/errors';
import type { MatcherContext, MatcherResult } from './message';

type AnyResult = CommandResult<string | Uint8Array>;

/** The value of a command matcher: a command's result, a `CommandError`, or the promise of a result. */
export type Received = AnyResult | Promise<AnyResult>;

/**
 * Judges a result at once, or the result of a promise later. A command that failed rejects its promise with a
 * `CommandError`, which is a result as well. Any other rejection is passed on.
 *
 * @throws InvalidOptionError for a value that is not a result
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

/** Returns the exit code of a command that ended by itself, or else the code of its error. */
export function endOf({ code, exitCode }: AnyResult): number | string {
  return code === undefined || code === 'EXIT_CODE' ? (exitCode ?? 'unknown') : code;
}

/** Says how a command ended, in one line. */
export function formatEnd(result: AnyResult): string {
  if (result.code !== undefined && result.code !== 'EXIT_CODE') return result.code;
  const signal = result.signal === undefined ? '' : ` (${result.signal})`;
  return `exit code ${result.exitCode ?? 'unknown'}${signal}`;
}

/** Formats the last output of a command, as evidence. */
export function outputEvidence(context: MatcherContext, result: AnyResult): string {
  return context.utils.DIM_COLOR(outputEndOf(result).replace(/^\n+/, '') || 'The command printed nothing.');
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
