import { BelljarError } from '../support/errors';
import { lastLines as lastOf } from '../support/last-lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { withCommandOriginOf } from './origin';
import type { CommandResult } from './result';

/**
 * A command that failed. It has every field of its result, as it was; the message has none of its secrets. `code` is
 * one of
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
  readonly shortMessage: string;
  readonly failed = true;
  /**
   * Not private: who copies an error, as a test runner does, copies this. Not printed: it is as the command made it.
   */
  declare protected readonly result: CommandResult<Output>;

  /**
   * @param result what the command did
   * @param shortMessage what went wrong, in one line
   * @param details further lines: what the engine said, in which container
   */
  constructor(result: CommandResult<Output>, shortMessage: string, details: readonly (string | undefined)[]) {
    const { redact } = redactorOf(result);
    const lines = [shortMessage, ...details].filter(Boolean).join('\n');
    super(result.code ?? 'EXIT_CODE', [redact(lines), lastLines(result)].filter(Boolean).join('\n'));
    this.shortMessage = printable(redact(shortMessage));
    Object.defineProperty(this, 'result', { value: result });
    withCommandOriginOf(this, result);
  }

  get command(): string {
    return this.result.command;
  }

  get escapedCommand(): string {
    return this.result.escapedCommand;
  }

  get exitCode(): number | undefined {
    return this.result.exitCode;
  }

  get signal(): NodeJS.Signals | undefined {
    return this.result.signal;
  }

  get stdout(): Output {
    return this.result.stdout;
  }

  get stderr(): Output {
    return this.result.stderr;
  }

  get all(): Output {
    return this.result.all;
  }

  get durationMs(): number {
    return this.result.durationMs;
  }

  get timedOut(): boolean {
    return this.result.timedOut;
  }

  get isCanceled(): boolean {
    return this.result.isCanceled;
  }

  get isMaxBuffer(): boolean {
    return this.result.isMaxBuffer;
  }
}

/** The end of what a command printed, without secrets and made safe to print, as messages show it. */
export function lastLines(result: CommandResult<string | Uint8Array>): string {
  const secrets = redactorOf(result);
  return [lastOf('stderr', result.stderr, secrets), lastOf('stdout', result.stdout, secrets)]
    .filter(Boolean)
    .map((end) => `\n${end}`)
    .join('\n');
}
