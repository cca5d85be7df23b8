import type { StartedContainer } from '../container/started-container';
import { CommandError } from '../command/error';
import { openExec, type OpenExec } from '../command/exec/open-exec';
import { createEmulator, type Emulator } from './emulator';
import { asTyped, keySequence, pasteSequence } from './keys';
import { checkSize, checkTerminalOptions, type TerminalOptions, type WaitOptions } from './options';
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
 * A program on a terminal of its own, as `docker run -it` gives it: what it draws is kept as the screen that a person
 * would see, and what a person would type is sent to it. It ends with its container.
 */
export interface Terminal extends AsyncDisposable {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /**
   * The program's exit code, once it has ended and all it printed is on the screen. Rejects with a `ContainerError`
   * where it ended with its container.
   */
  readonly exit: Promise<number>;
  /** Whether the program has ended, and all it printed is on the screen. */
  readonly ended: boolean;
  /**
   * Types a text; a line end is the Enter key.
   *
   * @throws TerminalError `TERMINAL_ENDED`
   */
  type(text: string): Promise<void>;
  /**
   * Presses one key after another: `Enter`, `Escape`, `Up`, `F5`, `Ctrl+C`, `Alt+x`, `Shift+Tab`, or a character.
   *
   * @throws TerminalError `UNKNOWN_KEY`, before any is pressed; `TERMINAL_ENDED`
   */
  press(...keys: string[]): Promise<void>;
  /**
   * Pastes a text: marked as pasted where the program has asked for that, so that it does not take it as typed.
   *
   * @throws TerminalError `TERMINAL_ENDED`
   */
  paste(text: string): Promise<void>;
  /**
   * Waits until the screen shows a text or matches a pattern. What has scrolled off the screen does not count.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @returns the screen that shows it
   * @throws TerminalError `NOT_SHOWN`, `TERMINAL_ENDED`, whose message has the screen as it was in a frame
   */
  waitFor(expected: string | RegExp, options?: WaitOptions): Promise<Screen>;
  /**
   * Waits until the cursor stands behind a prompt that came after what was last typed.
   *
   * @param options `prompt`, what is before the cursor, default `/[#$%>] $/`; `timeout` in milliseconds, default 4000
   * @throws TerminalError as `waitFor`
   */
  waitForPrompt(options?: PromptOptions): Promise<Screen>;
  /**
   * Waits until nothing was printed or typed for a while, or the program has ended.
   *
   * @param options `quiet`, how long, in milliseconds, default 200; `timeout` in milliseconds, default 4000
   * @throws TerminalError `NOT_IDLE`, whose message has the screen as it was in a frame
   */
  waitForIdle(options?: IdleOptions): Promise<Screen>;
  /**
   * Waits until the program has ended and all it printed is on the screen: `exit` with a limit.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @returns the exit code
   * @throws TerminalError `NOT_ENDED`, whose message has the screen as it was in a frame
   * @throws ContainerError where the program ended with its container
   */
  waitForExit(options?: WaitOptions): Promise<number>;
  /** The screen as it is now. */
  screen(): Screen;
  /** The screen as it is now, as a picture with colors: the text of an SVG file. */
  picture(): string;
  /** Whether the screen shows a text or matches a pattern now. */
  shows(expected: string | RegExp): boolean;
  /** The lines that have scrolled off the top of the screen, oldest first. */
  scrollback(): string[];
  /**
   * Makes the terminal another size, and tells the program.
   *
   * @param columns width in characters
   * @param rows height in lines
   */
  resize(columns: number, rows: number): Promise<void>;
  /**
   * Sends the program a signal. Default `SIGKILL`, which ends everything that it started, too.
   *
   * @throws ContainerError `PROCESS_NOT_SEEN` for another signal where the engine's processes can't be seen from here
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** All that the program printed, control sequences as they came. */
  transcript(): string;
  /** The same with its times, as an asciicast (version 2): `asciinema play` shows it. */
  recording(): string;
}

/**
 * Starts a program on a terminal in a container.
 *
 * @throws InvalidOptionError for options that can't be used
 * @throws CommandError `PROGRAM_NOT_FOUND`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`…
 * @throws ContainerError where the container is not running or gone
 */
export async function openTerminal(
  container: StartedContainer,
  options: TerminalOptions = {},
): Promise<Terminal> {
  checkTerminalOptions(options);
  const { columns = 80, rows = 24, scrollback = 1000, recordingLimit = 4_000_000 } = options;
  const { command, program } = await startFirst(container, options, { columns, rows });
  const recorder = createRecorder({ columns, rows, command, limit: recordingLimit });
  const emulator = createEmulator({ columns, rows, scrollback, onReply: (text) => session.reply(text) });
  const session = openSession(program, { emulator, recorder, name: command.join(' ') });
  return createTerminal(command, session, { program, emulator, recorder });
}

interface Parts {
  program: OpenExec;
  emulator: Emulator;
  recorder: Recorder;
}

function createTerminal(
  command: readonly string[],
  session: Session,
  { program, emulator, recorder }: Parts,
): Terminal {
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
    press: async (...keys) => session.send(keys.map((key) => keySequence(key, emulator.modes)).join('')),
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

/** Starts the command that was asked for, or the first shell that there is. */
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
