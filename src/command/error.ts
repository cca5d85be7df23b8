import { BelljarError } from '../support/errors';
import { lastLines as lastOf } from '../support/last-lines';
import type { CommandResult } from './result';

/**
 * A command that failed. It has every field of its result, and `code` is one of
 *
 * - `EXIT_CODE`: it ended with an exit code other than 0
 * - `TIMED_OUT`, `CANCELED`, `MAX_BUFFER`: it was killed, by that option
 * - `PROGRAM_NOT_FOUND`, `PROGRAM_NOT_EXECUTABLE`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`: it never started
 * - `COMMAND_NOT_STARTED`: it never started for another reason, which the message gives
 */
export class CommandError<Output extends string | Uint8Array = string>
  extends BelljarError
  implements CommandResult<Output>
{
  declare readonly code: string;
  readonly command: string;
  readonly escapedCommand: string;
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly durationMs: number;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
  readonly failed = true;
  readonly #result: CommandResult<Output>;

  /**
   * @param result what the command did
   * @param shortMessage what went wrong, in one line
   * @param details further lines: what the engine said, in which container
   */
  constructor(
    result: CommandResult<Output>,
    readonly shortMessage: string,
    details: readonly (string | undefined)[],
  ) {
    super(
      result.code ?? 'EXIT_CODE',
      [shortMessage, ...details, lastLines(result)].filter(Boolean).join('\n'),
    );
    this.#result = result;
    this.command = result.command;
    this.escapedCommand = result.escapedCommand;
    this.exitCode = result.exitCode;
    this.signal = result.signal;
    this.stdout = result.stdout;
    this.stderr = result.stderr;
    this.durationMs = result.durationMs;
    this.timedOut = result.timedOut;
    this.isCanceled = result.isCanceled;
    this.isMaxBuffer = result.isMaxBuffer;
  }

  get all(): Output {
    return this.#result.all;
  }
}

/** The end of what a command printed, made safe to print, as messages show it. */
export function lastLines(result: CommandResult<string | Uint8Array>): string {
  return [lastOf('stderr', result.stderr), lastOf('stdout', result.stdout)]
    .filter(Boolean)
    .map((end) => `\n${end}`)
    .join('\n');
}
