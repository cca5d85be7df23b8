import { killProgram, type OpenExec } from '../command/exec/open-exec';
import { isClosedEarly } from '../engine/stream-end';
import { messageOf } from '../support/errors';
import { firstEvent } from '../support/first-event';
import type { Emulator } from './emulator';
import type { TerminalErrorFactory } from './errors';
import type { Recorder } from './recorder';
import type { WatchedTerminal } from './wait';
import { elapsedTime } from '../support/time';

/** The connection between a program and its terminal. */
export interface Session extends WatchedTerminal {
  readonly emulator: Emulator;
  /** The exit code. Settles after the last output is on the screen. */
  readonly exit: Promise<number>;
  /** Sends text that a person types. */
  send(text: string): Promise<void>;
  /** Sends an answer of the terminal itself. */
  reply(text: string): void;
  /** Ends the program and its child processes. */
  close(): Promise<void>;
}

interface Parts {
  emulator: Emulator;
  recorder: Recorder;
  /** The program and its arguments, for messages. */
  name: string;
  error: TerminalErrorFactory;
}

export function openSession(program: OpenExec, { emulator, recorder, name, error }: Parts): Session {
  const { stream } = program;
  let end: WatchedTerminal['end'];
  let lastActivity = elapsedTime();
  let answered = false;
  const show = async (bytes: Buffer): Promise<void> => {
    recorder.output(bytes);
    await emulator.write(bytes);
    lastActivity = elapsedTime();
    answered = true;
  };
  const run = async (): Promise<number> => {
    try {
      await readAll(stream, show);
      const code = await program.exitCode();
      end = { description: `${name} ended with exit code ${code}` };
      return code;
    } catch (thrown) {
      end ??= { description: messageOf(thrown) };
      throw thrown;
    }
  };
  const exit = run();
  // Callers that await `exit` get the error. Without such a caller, the rejection must count as handled.
  exit.catch(() => undefined);
  const send = async (text: string): Promise<void> => {
    if (end !== undefined || !stream.writable) {
      const why = end?.description ?? `${name} has ended`;
      throw error('TERMINAL_ENDED', `Nothing can be typed any more: ${why}.`);
    }
    lastActivity = elapsedTime();
    answered = false;
    if (!stream.write(text)) await firstEvent(stream, ['drain', 'close']);
  };
  return {
    emulator,
    error,
    exit,
    send,
    reply: (text) => {
      if (stream.writable) stream.write(text);
    },
    close: async () => {
      if (end === undefined) await killProgram(program);
      stream.destroy();
      await exit.catch(() => undefined);
    },
    get end() {
      return end;
    },
    get lastActivity() {
      return lastActivity;
    },
    get answered() {
      return answered;
    },
  };
}

/** Shows one piece after another. Meanwhile the engine sends no more than the connection's buffers hold. */
async function readAll(stream: OpenExec['stream'], show: (bytes: Buffer) => Promise<void>): Promise<void> {
  try {
    for await (const bytes of stream) await show(bytes as Buffer);
  } catch (error) {
    if (!isClosedEarly(error)) throw error;
  }
}
