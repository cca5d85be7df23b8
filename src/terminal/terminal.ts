import type { StartedContainer } from '../container/started-container';
import { CommandError } from '../command/errors';
import { formatCommand } from '../command/origin';
import { openExec, type OpenExec } from '../command/exec/open-exec';
import { brand, isOfKind } from '../support/brand';
import { redactorOf, withRedactor, type Redactor } from '../support/secrets/redact';
import { createEmulator, type Emulator } from './emulator';
import { terminalErrors } from './errors';
import { asTyped, keySequence, pasteSequence } from './keys';
import type { WaitOptions } from '../support/options/wait-options';
import { checkSize, checkTerminalOptions, type TerminalOptions } from './options';
import { screenToSvg } from './picture';
import { createRecorder, type Recorder } from './recorder';
import type { Screen } from './screen';
import { openSession, type Session } from './session';
import { shellsOf } from './shells';
import {
  shows,
  waitForExit,
  waitForIdle,
  waitForPrompt,
  waitForText,
  type IdleOptions,
  type PromptOptions,
} from './wait';

/**
 * A program on its own terminal, as with `docker run -it`. The terminal keeps the screen that a person would see, and
 * sends the program the keys that a person would type. The program ends with its container.
 */
export interface Terminal extends AsyncDisposable {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /**
   * The program's exit code. Settles when the program has ended and all its output is on the screen. Rejects with a
   * `ContainerError` if the program ended with its container.
   */
  readonly exit: Promise<number>;
  /** True if the program has ended and all its output is on the screen. */
  readonly ended: boolean;
  /**
   * Types text; a line end is the Enter key.
   *
   * @throws TerminalError `TERMINAL_ENDED`
   */
  type(text: string): Promise<void>;
  /**
   * Presses one key after another: `Enter`, `Escape`, `Up`, `F5`, `Ctrl+C`, `Alt+x`, `Shift+Tab`, or a character.
   *
   * @throws TerminalError `UNKNOWN_KEY`, before any key is pressed; `TERMINAL_ENDED`
   */
  press(...keys: string[]): Promise<void>;
  /**
   * Pastes text. If the program has asked for bracketed paste, the text is marked as pasted.
   *
   * @throws TerminalError `TERMINAL_ENDED`
   */
  paste(text: string): Promise<void>;
  /**
   * Waits until the screen shows a string or matches a pattern. Lines that have scrolled off the screen do not count.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @returns the screen that shows it
   * @throws TerminalError `NOT_SHOWN`, `TERMINAL_ENDED`; the message shows the screen in a frame
   */
  waitFor(expected: string | RegExp, options?: WaitOptions): Promise<Screen>;
  /**
   * Waits until the cursor is after a prompt that appeared after the last typed text.
   *
   * @param options `prompt`, the pattern before the cursor, default `/[#$%>] $/`; `timeout` in milliseconds, default
   * 4000
   * @throws TerminalError as `waitFor`
   */
  waitForPrompt(options?: PromptOptions): Promise<Screen>;
  /**
   * Waits until nothing was printed or typed for a while, or the program has ended.
   *
   * @param options `quiet`, the length of that while in milliseconds, default 200; `timeout` in milliseconds, default
   * 4000
   * @throws TerminalError `NOT_IDLE`; the message shows the screen in a frame
   */
  waitForIdle(options?: IdleOptions): Promise<Screen>;
  /**
   * Waits until the program has ended and all its output is on the screen: `exit` with a timeout.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @returns the exit code
   * @throws TerminalError `NOT_ENDED`; the message shows the screen in a frame
   * @throws ContainerError if the program ended with its container
   */
  waitForExit(options?: WaitOptions): Promise<number>;
  /** Returns the current screen. */
  screen(): Screen;
  /** Returns the current screen as a picture with colors: the contents of an SVG file. */
  picture(): string;
  /** Returns whether the current screen shows a string or matches a pattern. */
  shows(expected: string | RegExp): boolean;
  /** Returns the lines that have scrolled off the top of the screen, oldest first. */
  scrollback(): string[];
  /**
   * Changes the terminal's size, and informs the program.
   *
   * @param columns the width in characters, from 2 to 1000
   * @param rows the height in lines, from 1 to 1000
   */
  resize(columns: number, rows: number): Promise<void>;
  /**
   * Sends the program a signal. Default `SIGKILL`, which also ends the program's child processes.
   *
   * @throws ContainerError `PROCESS_NOT_SEEN` for another signal, if nothing in the container can send it
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Returns the program's output, including control sequences. */
  transcript(): string;
  /** Returns the program's output with its times, as an asciicast (version 2), which `asciinema play` shows. */
  recording(): string;
}

/**
 * Starts a program on a terminal in a container. Its errors have no secrets in them, neither the container's nor those
 * of the option `env`; its screen and recording are as they are.
 *
 * @throws InvalidOptionError if an option is invalid
 * @throws CommandError `PROGRAM_NOT_FOUND`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`…
 * @throws ContainerError if the container is not running, or is removed; `PROCESS_NOT_SEEN` if belljar could not stop
 * the program alone
 */
export async function openTerminal(
  container: StartedContainer,
  options: TerminalOptions = {},
): Promise<Terminal> {
  checkTerminalOptions(options);
  const redactor = redactorOf(container);
  if (options.env !== undefined) redactor.addSecretsFrom(options.env);
  const { columns = 80, rows = 24, scrollback = 1000, recordingLimit = 4_000_000 } = options;
  const { command, program } = await startFirst(container, options, { columns, rows });
  const recorder = createRecorder({ columns, rows, command, limit: recordingLimit });
  const emulator = createEmulator({ columns, rows, scrollback, onReply: (text) => session.reply(text) });
  const error = terminalErrors(() => emulator.screen(), redactor);
  const session = openSession(program, { emulator, recorder, name: formatCommand(command, redactor), error });
  const terminal = createTerminal(command, session, { program, emulator, recorder, redactor });
  return withRedactor(brand(terminal, 'terminal'), redactor);
}

/** Returns whether something is a terminal of belljar's. */
export function isTerminal(value: unknown): value is Terminal {
  return isOfKind(value, 'terminal');
}

interface Parts {
  program: OpenExec;
  emulator: Emulator;
  recorder: Recorder;
  redactor: Redactor;
}

function createTerminal(
  command: readonly string[],
  session: Session,
  { program, emulator, recorder, redactor }: Parts,
): Terminal {
  const sequenceOf = (key: string): string => keySequence(key, emulator.modes, redactor.redact);
  const seen = async (wait: Promise<void>): Promise<Screen> => {
    await wait;
    return emulator.screen();
  };
  return {
    command,
    get exit() {
      program.keepAlive(true);
      return session.exit;
    },
    get ended() {
      return session.end !== undefined;
    },
    type: (text) => session.send(asTyped(text)),
    press: async (...keys) => session.send(keys.map(sequenceOf).join('')),
    paste: (text) => session.send(pasteSequence(text, emulator.modes)),
    waitFor: (expected, wait = {}) => seen(waitForText(session, expected, wait)),
    waitForPrompt: (wait = {}) => seen(waitForPrompt(session, wait)),
    waitForIdle: (wait = {}) => seen(waitForIdle(session, wait)),
    waitForExit: async (wait = {}) => {
      await waitForExit(session, wait);
      return session.exit;
    },
    screen: () => emulator.screen(),
    picture: () => screenToSvg(emulator.screen()),
    shows: (expected) => shows(emulator, expected),
    scrollback: () => emulator.scrollback(),
    resize: async (columns, rows) => {
      checkSize(columns, rows);
      emulator.resize(columns, rows);
      recorder.resize(columns, rows);
      await program.resize(columns, rows);
    },
    kill: (signal = 'SIGKILL') => program.signal(signal),
    transcript: () => recorder.transcript(),
    recording: () => recorder.asciicast(),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** Starts the given command, or the first shell that the container has. */
async function startFirst(
  container: StartedContainer,
  { command, env = {}, user, cwd }: TerminalOptions,
  terminal: { columns: number; rows: number },
): Promise<{ command: readonly string[]; program: OpenExec }> {
  const [first = ['sh'], ...others] =
    command === undefined ? shellsOf(container.image.config.cmd) : [command];
  try {
    const program = await openExec(container, { argv: first, env, cwd, user, terminal });
    return { command: first, program };
  } catch (error) {
    const isMissing = error instanceof CommandError && error.code === 'PROGRAM_NOT_FOUND';
    const [next] = others;
    if (!isMissing || next === undefined) throw error;
    return startFirst(container, { command: next, env, user, cwd }, terminal);
  }
}
