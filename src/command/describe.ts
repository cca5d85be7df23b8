import { signalOf } from '../support/signal-of';
import type { CommandExit } from './transport';
import type { CommandOptions } from './options';
import { collectOutput, type Output } from './output';
import { quote } from './quote';
import type { CommandErrorCode, CommandResult } from './result';

/** The reason why belljar ended a command early. */
export type StopReason = Extract<CommandErrorCode, 'TIMED_OUT' | 'CANCELED' | 'MAX_BUFFER'>;

/** Makes the result of a command from the command, its output and how it ended. */
export function toResult(
  argv: readonly string[],
  options: Pick<CommandOptions, 'encoding' | 'stripFinalNewline'>,
  collected: Output,
  exit: CommandExit,
  durationMs: number,
  reason?: StopReason,
): CommandResult<string | Uint8Array> {
  // If the command never started, the output is the engine's error, which the problem's message has already.
  const neverStarted =
    exit.problem !== undefined && exit.exitCode === undefined && exit.problem.code !== 'SHELL_KILLED';
  const output = neverStarted ? collectOutput(0) : collected;
  const { exitCode } = exit;
  const code = reason ?? exit.problem?.code ?? (exitCode === 0 ? undefined : 'EXIT_CODE');
  const outputOf = (stream: 'stdout' | 'stderr' | 'all'): string | Uint8Array => {
    if (options.encoding === 'buffer') return output.bytes(stream);
    const text = output.text(stream);
    return options.stripFinalNewline === false ? text : text.replace(/\r?\n$/, '');
  };
  return {
    command: argv.join(' '),
    escapedCommand: argv.map(quote).join(' '),
    exitCode,
    signal: signalOf(exitCode),
    stdout: outputOf('stdout'),
    stderr: outputOf('stderr'),
    // Seldom used, and as long as both others together: made on demand.
    get all() {
      return outputOf('all');
    },
    durationMs,
    timedOut: reason === 'TIMED_OUT',
    isCanceled: reason === 'CANCELED',
    isMaxBuffer: reason === 'MAX_BUFFER',
    failed: code !== undefined,
    code,
  };
}
