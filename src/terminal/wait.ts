import { types } from 'node:util';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { InvalidOptionError, PollTimeoutError } from '../support/errors';
import { isTextOrPattern, must, numberOf } from '../support/options/option-checks';
import { hasPattern } from '../support/pattern';
import { poll } from '../support/poll';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import type { Emulator } from './emulator';
import type { TerminalErrorCode, TerminalErrorFactory } from './errors';
import { elapsedTime } from '../support/time';

/** The state of a terminal that a wait needs. */
export interface WatchedTerminal {
  readonly emulator: Pick<Emulator, 'revision' | 'searched' | 'beforeCursor'>;
  /** Makes an error that has the screen as it is now. */
  readonly error: TerminalErrorFactory;
  /** How the program ended. Undefined until the program has ended and its last output is on the screen. */
  readonly end: { readonly description: string } | undefined;
  /** The time of the last output or typing, by `elapsedTime()`. */
  readonly lastActivity: number;
  /** True if the program has printed since the last typing. */
  readonly answered: boolean;
}

/** The pause between two checks, in milliseconds. A check searches the screen only if the screen may have changed. */
const interval = 5;

/**
 * Returns whether the screen shows a string or matches a pattern.
 */
export function shows(emulator: Pick<Emulator, 'searched'>, expected: string | RegExp): boolean {
  if (typeof expected === 'string') {
    const lines = expected.replaceAll('\r\n', '\n');
    return emulator.searched().some((text) => text.includes(lines));
  }
  return emulator.searched().some((text) => hasPattern(text, expected));
}

/** @throws InvalidOptionError if the value is not a RegExp or a string that is not empty */
export function checkExpected(expected: unknown): asserts expected is string | RegExp {
  if (isTextOrPattern(expected)) return;
  throw new InvalidOptionError('The expected text', 'must be a string or a RegExp', expected);
}

/**
 * Waits until the screen shows a string or matches a pattern.
 *
 * @throws TerminalError `NOT_SHOWN`, `TERMINAL_ENDED`, with the screen as it was
 */
export async function waitForText(
  watched: WatchedTerminal,
  expected: string | RegExp,
  options: WaitOptions,
): Promise<void> {
  checkExpected(expected);
  checkOptions(options, waitChecks);
  await waitUntil(watched, () => shows(watched.emulator, expected), quoted(expected), options);
}

/** The default of `prompt`. */
const usualPrompt = /[#$%>] $/;

export interface PromptOptions extends WaitOptions {
  /** A pattern for the text before the cursor on its line. Default `/[#$%>] $/`, the end of a shell's prompt. */
  prompt?: RegExp;
}

const promptChecks = {
  ...waitChecks,
  // Not instanceof: a RegExp of a test file is from another realm.
  prompt: must('must be a RegExp', types.isRegExp),
} satisfies OptionChecks<PromptOptions>;

/**
 * Waits until the cursor is after a prompt that appeared after the last typed text.
 *
 * @throws TerminalError `NOT_SHOWN`, `TERMINAL_ENDED`, with the screen as it was
 */
export async function waitForPrompt(watched: WatchedTerminal, options: PromptOptions): Promise<void> {
  checkOptions(options, promptChecks);
  const { prompt = usualPrompt } = options;
  const isThere = (): boolean => watched.answered && hasPattern(watched.emulator.beforeCursor(), prompt);
  await waitUntil(watched, isThere, `a new prompt (${String(prompt)} before the cursor)`, options);
}

/** Options of a wait until the terminal is idle. */
export interface IdleOptions extends WaitOptions {
  /** How long nothing must be printed or typed, in milliseconds. Default 200. */
  quiet?: number;
}

const idleChecks = {
  ...waitChecks,
  quiet: numberOf('milliseconds'),
} satisfies OptionChecks<IdleOptions>;

/**
 * Waits until nothing was printed or typed for a while, or the program has ended.
 *
 * @throws TerminalError `NOT_IDLE` with the screen as it was
 */
export async function waitForIdle(watched: WatchedTerminal, options: IdleOptions): Promise<void> {
  checkOptions(options, idleChecks);
  const { quiet = 200, timeout = defaultTimeout } = options;
  const isIdle = (): boolean => watched.end !== undefined || elapsedTime() - watched.lastActivity >= quiet;
  await inTime(watched, isIdle, timeout, () => [
    'NOT_IDLE',
    `The terminal was never quiet for ${quiet} ms within ${timeout} ms.`,
  ]);
}

/**
 * Waits until the program has ended and its last output is on the screen.
 *
 * @throws TerminalError `NOT_ENDED` with the screen as it was
 */
export async function waitForExit(watched: WatchedTerminal, options: WaitOptions): Promise<void> {
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  await inTime(
    watched,
    () => watched.end !== undefined,
    timeout,
    () => ['NOT_ENDED', `The program in the terminal did not end within ${timeout} ms.`],
  );
}

async function waitUntil(
  watched: WatchedTerminal,
  isShown: () => boolean,
  what: string,
  { timeout = defaultTimeout }: WaitOptions,
): Promise<void> {
  let seen = -1;
  const look = (): boolean => {
    const { end } = watched;
    if (end === undefined && watched.emulator.revision === seen) return false;
    seen = watched.emulator.revision;
    if (isShown()) return true;
    if (end === undefined) return false;
    throw watched.error(
      'TERMINAL_ENDED',
      `The terminal did not show ${what}, and will not: ${end.description}.`,
    );
  };
  await inTime(watched, look, timeout, () => [
    'NOT_SHOWN',
    `The terminal did not show ${what} within ${timeout} ms.`,
  ]);
}

async function inTime(
  watched: WatchedTerminal,
  look: () => boolean,
  timeout: number,
  failure: () => readonly [code: TerminalErrorCode, message: string],
): Promise<void> {
  try {
    await poll(look, { for: 'a terminal', timeout, interval });
  } catch (error) {
    if (!(error instanceof PollTimeoutError)) throw error;
    const [code, message] = failure();
    throw watched.error(code, message, { cause: error });
  }
}

function quoted(expected: string | RegExp): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
}
