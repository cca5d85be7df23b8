import { types } from 'node:util';
import { checkOptions } from '../../support/options/check-options';
import { InvalidOptionError, PollTimeoutError } from '../../support/errors';
import { hasPattern } from '../../support/pattern';
import { poll } from '../../support/poll';
import { defaultTimeout, waitChecks } from '../../support/options/wait-options';
import { SpawnError } from '../errors';
import type { Output } from '../output';
import { printedCommand } from '../origin';
import type { CommandResult } from '../result';
import type { OutputWaitOptions } from './options';
import type { Tail } from './tail';

interface WatchedOutput {
  tail: Tail;
  /** Returns what the process has done so far. */
  describe: () => CommandResult;
  ended: () => boolean;
}

/**
 * Waits until a process has printed a string or a match of a pattern.
 *
 * @throws SpawnError, InvalidOptionError
 */
export async function waitForOutput(
  { tail, describe, ended }: WatchedOutput,
  expected: string | RegExp,
  options: OutputWaitOptions,
): Promise<void> {
  const matches = outputMatcher(expected);
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  const what = typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
  const command = printedCommand(describe());
  let seen = -1;
  const look = (): boolean => {
    // Read before the output is: the last output comes before the end.
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
 * Returns a function that tells whether output contains a string or a pattern: in both streams together, or in one of
 * them.
 *
 * @throws InvalidOptionError for an empty string, or a value that is neither a string nor a RegExp
 */
export function outputMatcher(expected: unknown): (output: Output) => boolean {
  const matches = stringMatcher(expected);
  return (output) => (['all', 'stdout', 'stderr'] as const).some((name) => matches(output.text(name)));
}

function stringMatcher(expected: unknown): (text: string) => boolean {
  if (typeof expected === 'string' && expected !== '') return (text) => text.includes(expected);
  // Not instanceof: in a test file, a RegExp comes from another realm.
  if (types.isRegExp(expected)) return (text) => hasPattern(text, expected);
  throw new InvalidOptionError('The output to wait for', 'must be a string or a RegExp', expected);
}
