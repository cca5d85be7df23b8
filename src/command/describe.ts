import { constants } from 'node:os';
import type { CommandExit } from './transport';
import type { CommandOptions } from './options';
import { collectOutput, type Output } from './output';
import { quote } from './quote';
import type { CommandErrorCode, CommandResult } from './result';

/** What ended a command early. */
export type StopReason = Extract<CommandErrorCode, 'TIMED_OUT' | 'CANCELED' | 'MAX_BUFFER'>;

/** What a command did, put together from what it was, what it printed and how it ended. */
export function toResult(
  argv: readonly string[],
  options: Pick<CommandOptions, 'encoding' | 'stripFinalNewline'>,
  collected: Output,
  exit: CommandExit,
  durationMs: number,
  reason?: StopReason,
): CommandResult<string | Uint8Array> {
  // What came from a command that never started is the engine's, and is in the problem's message.
  const output = exit.problem !== undefined && exit.exitCode === undefined ? collectOutput(0) : collected;
  const { exitCode } = exit;
  const code = reason ?? exit.problem?.code ?? (exitCode === 0 ? undefined : 'EXIT_CODE');
  const give = (stream: 'stdout' | 'stderr' | 'all'): string | Uint8Array => {
    if (options.encoding === 'buffer') return output.bytes(stream);
    const text = output.text(stream);
    return options.stripFinalNewline === false ? text : text.replace(/\r?\n$/, '');
  };
  return {
    command: argv.join(' '),
    escapedCommand: argv.map(quote).join(' '),
    exitCode,
    signal: signalOf(exitCode),
    stdout: give('stdout'),
    stderr: give('stderr'),
    // Seldom looked at, and as long as both others: put together when it is.
    get all() {
      return give('all');
    },
    durationMs,
    timedOut: reason === 'TIMED_OUT',
    isCanceled: reason === 'CANCELED',
    isMaxBuffer: reason === 'MAX_BUFFER',
    failed: code !== undefined,
    code,
  };
}

/** A shell's convention (POSIX.1-2017, 2.8.2), which the engine follows: 128 plus the signal's number. */
function signalOf(exitCode: number | undefined): NodeJS.Signals | undefined {
  if (exitCode === undefined || exitCode <= 128) return undefined;
  const found = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return found?.[0] as NodeJS.Signals | undefined;
}
