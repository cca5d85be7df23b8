import { Writable, type Readable } from 'node:stream';
import type { StartedContainer } from '../../container/started-container';
import { ContainerError } from '../../container/errors';
import { requireRunning } from '../../container/container-state';
import { toResult } from '../describe';
import { cutShort, frameReader } from '../../engine/framed-stream';
import { openExec, type OpenExec } from '../exec/open-exec';
import { withCommandOrigin } from '../origin';
import { createReaders } from './readers';
import type { CommandResult } from '../result';
import { checkSpawn, type OutputWaitOptions, type SpawnOptions } from './options';
import { rememberSpawned } from './spawned';
import { keepTail } from './tail';
import type { CommandLog } from '../log';
import { codeOf } from '../../support/errors';
import { redactorOf } from '../../support/secrets/redact';
import { waitForOutput } from './wait-for-output';

/** A program that goes on in a container: a server, a watcher. It ends with its container. */
export interface SpawnedProcess extends AsyncDisposable {
  /** The program and its arguments, quoted as a shell would run them. */
  readonly escapedCommand: string;
  /** What it reads; `stdin.end()` is end of file. */
  readonly stdin: Writable;
  /**
   * What it prints, beginning with what is kept so far. Once looked at, it has to be read: the process waits for that.
   */
  readonly stdout: Readable;
  /** The same of its standard error. */
  readonly stderr: Readable;
  /**
   * What it did, once it has ended: a command's result, with the last of its output. Whatever its exit code, this
   * resolves; it rejects with a `ContainerError` where the process ended with its container.
   */
  readonly exit: Promise<CommandResult>;
  /** Whether it has ended. */
  readonly ended: boolean;
  /**
   * Waits until what it has printed - on either stream, before or after the call - contains a text or matches a
   * pattern.
   *
   * @param options `timeout` in milliseconds, default 4000
   * @throws SpawnError `NOT_PRINTED`, `PROCESS_ENDED`, whose message has the last lines of its output
   */
  waitForOutput(expected: string | RegExp, options?: OutputWaitOptions): Promise<void>;
  /**
   * Sends it a signal. Default `SIGKILL`, which ends everything that it started, too.
   *
   * @throws ContainerError `PROCESS_NOT_SEEN` for another signal where the engine's processes can't be seen from here
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program without waiting for its end.
 *
 * @param log where it is noted. Default: nowhere
 * @throws InvalidOptionError for options that can't be used
 * @throws CommandError `PROGRAM_NOT_FOUND`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`…
 * @throws ContainerError where the container is not running or gone
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
  const started = performance.now();
  const program = await openExec(container, { argv, cwd, env, user });
  const tail = keepTail(outputLimit);
  const readers = createReaders(tail);
  let ended = false;
  let exitCode: number | undefined;
  const describe = (): CommandResult => {
    const result = toResult(argv, {}, tail.output(), { exitCode }, performance.now() - started);
    // Text, because no other encoding is asked for.
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
  noteEnd(record, exit);
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
      if (!ended) await killed(program);
      program.stream.destroy();
      await exit.catch(() => undefined);
    },
  };
}

/** Whoever waits for the end gets its error; nobody has to. */
function noteEnd(record: ReturnType<CommandLog['begin']> | undefined, exit: Promise<CommandResult>): void {
  exit.then(
    (result) => record?.end(result),
    (error: unknown) => record?.fail(error),
  );
}

/** Whether the output ended where a frame does. */
async function readAll({ stream }: OpenExec, readers: ReturnType<typeof createReaders>): Promise<boolean> {
  const frames = frameReader((name, bytes) => readers.add(name, bytes));
  try {
    for await (const chunk of stream) {
      frames.read(chunk as Buffer);
      await readers.ready();
    }
    return frames.isWhole();
  } catch (error) {
    // Closed before its end: the container went, or the engine did; its state, asked for next, tells which.
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE' && codeOf(error) !== 'ECONNRESET') throw error;
    return true;
  } finally {
    readers.end();
  }
}

/** What can't be heard any more must not run on. */
async function lose(container: StartedContainer, program: OpenExec): Promise<never> {
  await requireRunning(container);
  await killed(program);
  throw cutShort();
}

/** The writable half alone: ending it leaves the output open. */
function inputOf({ stream }: OpenExec): Writable {
  return new Writable({
    write: (chunk: Buffer, _, done) => void stream.write(chunk, done),
    final: (done) => void stream.end(done),
  });
}

async function killed(program: OpenExec): Promise<void> {
  try {
    await program.signal('SIGKILL');
  } catch (error) {
    // Removed or stopped: the program went with its container.
    if (!(error instanceof ContainerError)) throw error;
  }
}
