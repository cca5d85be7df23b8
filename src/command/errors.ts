import { BelljarError } from '../support/errors';
import { outputEnd } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { withCommandOriginOf } from './origin';
import type { CommandErrorCode, CommandResult } from './result';
import type { CommandProblem } from './transport';

/** The error of a failed command. It has every field of the result, unchanged. Its message has no secrets. */
export class CommandError<Output extends string | Uint8Array = string>
  extends BelljarError
  implements CommandResult<Output>
{
  /** What went wrong; {@link CommandErrorCode} has the meaning of each code. */
  declare readonly code: CommandErrorCode;
  readonly shortMessage: string;
  readonly failed = true;
  /**
   * Not private, so that a test runner that copies an error copies the result too. Not enumerable, so that nothing
   * prints it: its secrets are not redacted.
   */
  declare protected readonly result: CommandResult<Output>;

  /**
   * @param result what the command did
   * @param shortMessage what went wrong, in one line
   * @param details further lines: the engine's message, the container
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

/** The reason why `waitForOutput()` failed. */
export type SpawnErrorCode =
  /** The process had not printed the expected output when the timeout was over. */
  | 'NOT_PRINTED'
  /** The process ended before it printed the expected output. */
  | 'PROCESS_ENDED';

/** The error of a `waitForOutput()` that failed. */
export class SpawnError extends BelljarError {
  /** What went wrong; {@link SpawnErrorCode} has the meaning of each code. */
  declare readonly code: SpawnErrorCode;

  /** @param result what the process has done so far; the message shows the end of its output */
  constructor(code: SpawnErrorCode, message: string, result: CommandResult) {
    const { redact } = redactorOf(result);
    super(code, `${redact(message)}\n${outputEndOf(result) || '\nIt has printed nothing.'}`);
  }
}

/** The reason why a command template can't be run. */
export type TemplateErrorCode =
  /** A `$` template has what only a shell reads, such as a quote, a redirection or a pattern of file names. */
  'SHELL_SYNTAX';

/** The error of a command template that can't be run. Nothing was run. */
export class TemplateError extends BelljarError {
  /** What went wrong; {@link TemplateErrorCode} has the meaning of each code. */
  declare readonly code: TemplateErrorCode;

  constructor(code: TemplateErrorCode, message: string) {
    super(code, message);
  }
}

/** A command that the engine has refused by an answer of its API. Callers make a `CommandError` of it. */
export class NotStarted extends BelljarError {
  constructor(readonly problem: CommandProblem) {
    super(problem.code, problem.message);
  }
}

/** The reason why belljar can't return the output of a command. */
export type OutputErrorCode =
  /** The output has more bytes than a string can hold: `encoding: 'buffer'` returns it. */
  'OUTPUT_TOO_LONG';

/** The error of output that can't be returned in the requested encoding. */
export class OutputError extends BelljarError {
  /** What went wrong; {@link OutputErrorCode} has the meaning of each code. */
  declare readonly code: OutputErrorCode;

  constructor(code: OutputErrorCode, message: string) {
    super(code, message);
  }
}

/** Returns the last lines of a command's output as messages show them: without secrets, and safe to print. */
export function outputEndOf(result: CommandResult<string | Uint8Array>): string {
  const secrets = redactorOf(result);
  return [outputEnd('stderr', result.stderr, secrets), outputEnd('stdout', result.stdout, secrets)]
    .filter(Boolean)
    .map((end) => `\n${end}`)
    .join('\n');
}
