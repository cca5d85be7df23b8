import { Writable, type Readable } from 'node:stream';
import type { StartedContainer } from '../../container/started-container';
import { requireRunning } from '../../container/container-state';
import { toResult } from '../describe';
import { cutShort, frameReader } from '../../engine/framed-stream';
import { isClosedEarly } from '../../engine/stream-end';
import { killProgram, openExec, type OpenExec } from '../exec/open-exec';
import { withCommandOrigin } from '../origin';
import { createReaders } from './readers';
import type { CommandResult } from '../result';
import { checkSpawn, type OutputWaitOptions, type SpawnOptions } from './options';
import { rememberSpawned } from './spawned';
import { keepTail } from './tail';
import type { CommandLog } from '../log';
import { redactorOf } from '../../support/secrets/redact';
import { waitForOutput } from './wait-for-output';
import { afterSettled, elapsedTime } from '../../support/time';

/** A long-running program in a container, such as a server or a watcher. It ends with its container. */
export interface SpawnedProcess extends AsyncDisposable {
  /** The program and its arguments, quoted as a shell would run them. */
  readonly escapedCommand: string;
  /** Its standard input; `stdin.end()` is end of file. */
  readonly stdin: Writable;
  /**
   * Its standard output, from the beginning of what is kept. A test that gets this stream has to read it: the process
   * waits for that.
   */
  readonly stdout: Readable;
  /** The same for its standard error. */
  readonly stderr: Readable;
  /**
   * Resolves when the process has ended, whatever its exit code, with a command's result that has the last part of its
   * output. Rejects with a `ContainerError` if the process ended with its container.
   */
  readonly exit: Promise<CommandResult>;
  /** Whether it has ended. */
  readonly ended: boolean;
  /**
   * Waits until its output contains a string or matches a pattern: on either stream, before or after the call.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @throws SpawnError `NOT_PRINTED`, `PROCESS_ENDED`; the message has the last lines of its output
   */
  waitForOutput(expected: string | RegExp, options?: OutputWaitOptions): Promise<void>;
  /**
   * Sends it a signal. Default `SIGKILL`, which also ends everything that it started.
   *
   * @throws ContainerError `PROCESS_NOT_SEEN` for another signal, if nothing in the container can send it
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program without waiting for its end.
 *
 * @param log records the process. Default: none
 * @throws InvalidOptionError for options that can't be used
 * @throws CommandError `PROGRAM_NOT_FOUND`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`…
 * @throws ContainerError if the container is not running or was removed; `PROCESS_NOT_SEEN` if belljar could not stop
 * the process alone
 */
export async function spawnProcess(
  container: StartedContainer,
  argv: readonly string[],
  options: SpawnOptions = {},
  log?: CommandLog,
): Promise<SpawnedProcess> {
  checkSpawn(argv, options);
  const { cwd, env = {}, user, outputLimit = 1_000_000 } = options;
  const redactor = redactorOf(container);
  redactor.addSecretsFrom(env);
  const started = elapsedTime();
  const program = await openExec(container, { argv, cwd, env, user });
  const tail = keepTail(outputLimit);
  const readers = createReaders(tail);
  let ended = false;
  let exitCode: number | undefined;
  const describe = (): CommandResult => {
    const result = toResult(argv, {}, tail.output(), { exitCode }, elapsedTime() - started);
    // Strings, because no other encoding was requested.
    return withCommandOrigin(result, argv, redactor) as CommandResult;
  };
  const record = log?.begin({ argv, options, spawned: true, soFar: describe });
  const forget = rememberSpawned(container, () => ({ result: describe(), ended }));
  const run = async (): Promise<CommandResult> => {
    try {
      if (!(await readAll(program, readers))) await lose(container, program);
      exitCode = await program.exitCode();
      return describe();
    } finally {
      ended = true;
    }
  };
  const exit = run();
  recordEnd(record, exit);
  return {
    escapedCommand: describe().escapedCommand,
    stdin: inputOf(program),
    get stdout() {
      return readers.open('stdout');
    },
    get stderr() {
      return readers.open('stderr');
    },
    get exit() {
      program.keepAlive(true);
      return exit;
    },
    get ended() {
      return ended;
    },
    waitForOutput: (expected, wait = {}) =>
      waitForOutput({ tail, describe, ended: () => ended }, expected, wait),
    kill: (signal = 'SIGKILL') => program.signal(signal),
    [Symbol.asyncDispose]: async () => {
      forget();
      if (!ended) await killProgram(program);
      program.stream.destroy();
      await exit.catch(() => undefined);
    },
  };
}

/** Records how the process ends. Its error counts as handled, because no test has to wait for the end. */
function recordEnd(record: ReturnType<CommandLog['begin']> | undefined, exit: Promise<CommandResult>): void {
  exit.then(
    (result) => record?.end(result),
    (error: unknown) => record?.fail(error),
  );
}

/** Passes on all output. Returns false if the output ended within a frame. */
async function readAll({ stream }: OpenExec, readers: ReturnType<typeof createReaders>): Promise<boolean> {
  const frames = frameReader((name, bytes) => readers.add(name, bytes));
  // The caller may open a stream as soon as it has the process, and gets all output then.
  await afterSettled();
  try {
    for await (const chunk of stream) {
      frames.read(chunk as Buffer);
      await readers.ready();
    }
    return frames.isWhole();
  } catch (error) {
    if (!isClosedEarly(error)) throw error;
    return true;
  } finally {
    readers.end();
  }
}

/** Kills a program whose output can't be read any more, and throws. */
async function lose(container: StartedContainer, program: OpenExec): Promise<never> {
  await requireRunning(container);
  await killProgram(program);
  throw cutShort();
}

/** Returns the writable half alone: ending it leaves the output open. */
function inputOf({ stream }: OpenExec): Writable {
  return new Writable({
    write: (chunk: Buffer, _, done) => void stream.write(chunk, done),
    final: (done) => void stream.end(done),
  });
}
