import { BelljarError } from '../support/errors';
import { printable } from '../support/printable';
import { redactorOf } from '../support/redact';
import { printedOutput, withOriginOf } from './printed';
import type { CommandResult } from './result';

/**
 * A command that failed. It has every field of its result, as it was; the message has none of its secrets. `code` is one of
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
    super(result.code ?? 'EXIT_CODE', [redact(lines), lastLines(result)].filter(Boolean).join('\n'));
    this.shortMessage = printable(redact(shortMessage));
    Object.defineProperty(this, 'result', { value: result });
    withOriginOf(this, result);
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

/** How many lines of each output a message shows. */
const shownLines = 20;

/** The end of what a command printed, without secrets and made safe to print, as messages show it. */
export function lastLines(result: CommandResult<string | Uint8Array>): string {
  return [lastOf(result, 'stderr'), lastOf(result, 'stdout')].filter(Boolean).join('\n');
}

function lastOf(result: CommandResult<string | Uint8Array>, name: 'stdout' | 'stderr'): string {
  // A line is cut far to the right of any screen; most of a large output never needs decoding.
  const text = redactorOf(result).hasSecrets
    ? printedOutput(result, name).slice(-20_000)
    : decoded(result[name].slice(-20_000));
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length === 1 && lines[0] === '') return '';
  const shown = lines.slice(-shownLines).map((line) => `  ${printable(cut(line))}`);
  const heading = lines.length > shownLines ? `${name} (last ${shownLines} lines)` : name;
  return `\n${heading}:\n${shown.join('\n')}`;
}

function decoded(output: string | Uint8Array): string {
  return typeof output === 'string' ? output : Buffer.from(output).toString();
}

function cut(line: string): string {
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
