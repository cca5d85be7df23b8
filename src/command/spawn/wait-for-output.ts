import { types } from 'node:util';
import { BelljarError, InvalidOptionError } from '../../support/errors';
import { hasPattern } from '../../support/pattern';
import { poll, PollTimeoutError } from '../../support/poll';
import { redactorOf } from '../../support/secrets/redact';
import { timeoutOf } from '../../support/wait-options';
import { lastLines } from '../error';
import type { Output } from '../output';
import { printedCommand } from '../origin';
import type { CommandResult } from '../result';
import type { OutputWaitOptions } from './options';
import type { Tail } from './tail';

/**
 * A process that did not print what was waited for. `code` is `NOT_PRINTED` where it goes on, `PROCESS_ENDED` where it
 * has ended.
 */
export class SpawnError extends BelljarError {
  /** @param result the process so far, whose last output the message shows */
  constructor(code: string, message: string, result: CommandResult) {
    const { redact } = redactorOf(result);
    super(code, `${redact(message)}\n${lastLines(result) || '\nIt has printed nothing.'}`);
  }
}

interface WatchedOutput {
  tail: Tail;
  /** What the process has done so far. */
  describe: () => CommandResult;
  ended: () => boolean;
}

/** @throws SpawnError, InvalidOptionError */
export async function waitForOutput(
  { tail, describe, ended }: WatchedOutput,
  expected: string | RegExp,
  options: OutputWaitOptions,
): Promise<void> {
  const matches = outputMatcher(expected);
  const timeout = timeoutOf(options);
  const what = typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
  const command = printedCommand(describe());
  let seen = -1;
  const look = (): boolean => {
    // Asked before the output: what comes last comes before the end.
    const isOver = ended();
    if (tail.revision !== seen) {
      seen = tail.revision;
      if (matches(tail.output())) return true;
    }
    if (!isOver) return false;
    throw new SpawnError('PROCESS_ENDED', `${command} ended before it printed ${what}.`, describe());
  };
  try {
    await poll(look, { for: 'output', timeout, interval: 10 });
  } catch (error) {
    if (!(error instanceof PollTimeoutError)) throw error;
    const message = `${command} did not print ${what} within ${timeout} ms.`;
    throw new SpawnError('NOT_PRINTED', message, describe());
  }
}

/**
 * What tells whether output has a text or a pattern in it: in both streams together, or in one of them.
 *
 * @throws InvalidOptionError for something that is neither, or an empty text
 */
export function outputMatcher(expected: unknown): (output: Output) => boolean {
  const matches = textMatcher(expected);
  return (output) => (['all', 'stdout', 'stderr'] as const).some((name) => matches(output.text(name)));
}

function textMatcher(expected: unknown): (text: string) => boolean {
  if (typeof expected === 'string' && expected !== '') return (text) => text.includes(expected);
  // Not instanceof: in a test file, a RegExp is another realm's.
  if (types.isRegExp(expected)) return (text) => hasPattern(text, expected);
  throw new InvalidOptionError('The output to wait for', 'must be a text or a RegExp', expected);
}
