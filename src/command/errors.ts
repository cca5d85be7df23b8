import { BelljarError } from '../support/errors';
import { outputEnd } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { withCommandOriginOf } from './origin';
import type { CommandErrorCode, CommandResult } from './result';

/** A command that failed. It has every field of its result, as it was; the message has none of its secrets. */
export class CommandError<Output extends string | Uint8Array = string>
  extends BelljarError
  implements CommandResult<Output>
{
  /** What went wrong; {@link CommandErrorCode} has the meaning of each code. */
  declare readonly code: CommandErrorCode;
  readonly shortMessage: string;
  readonly failed = true;
  /** Not private: who copies an error, as a test runner does, copies this. Not printed: it is as the command made it. */
  declare protected readonly result: CommandResult<Output>;

  /**
   * @param result what the command did
   * @param shortMessage what went wrong, in one line
   * @param details further lines: what the engine said, in which container
   */
  constructor(result: CommandResult<Output>, shortMessage: string, details: readonly (string | undefined)[]) {
    const { redact } = redactorOf(result);
    const lines = [shortMessage, ...details].filter(Boolean).join('\n');
    const code: CommandErrorCode = result.code ?? 'EXIT_CODE';
    super(code, [redact(lines), outputEndOf(result)].filter(Boolean).join('\n'));
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

/** Why a process did not print what was waited for. */
export type SpawnErrorCode =
  /** The process still ran when the time was over. */
  | 'NOT_PRINTED'
  /** The process has ended. */
  | 'PROCESS_ENDED';

/** A process that did not print what was waited for. */
export class SpawnError extends BelljarError {
  /** What went wrong; {@link SpawnErrorCode} has the meaning of each code. */
  declare readonly code: SpawnErrorCode;

  /** @param result the process so far, whose last output the message shows */
  constructor(code: SpawnErrorCode, message: string, result: CommandResult) {
    const { redact } = redactorOf(result);
    super(code, `${redact(message)}\n${outputEndOf(result) || '\nIt has printed nothing.'}`);
  }
}

/** Why belljar can't return what a command printed. */
export type OutputErrorCode =
  /** The output has more bytes than a string can hold: `encoding: 'buffer'` returns it. */
  'OUTPUT_TOO_LONG';

/** Output of a command that can't be returned as asked for. */
export class OutputError extends BelljarError {
  /** What went wrong; {@link OutputErrorCode} has the meaning of each code. */
  declare readonly code: OutputErrorCode;

  constructor(code: OutputErrorCode, message: string) {
    super(code, message);
  }
}

/** The end of what a command printed, without secrets and made safe to print, as messages show it. */
export function outputEndOf(result: CommandResult<string | Uint8Array>): string {
  const secrets = redactorOf(result);
  return [outputEnd('stderr', result.stderr, secrets), outputEnd('stdout', result.stdout, secrets)]
    .filter(Boolean)
    .map((end) => `\n${end}`)
    .join('\n');
}
