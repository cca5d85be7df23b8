import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { redactorOf } from '../../support/secrets/redact';
import { shortId } from '../../support/short-id';
import type { CommandExit, CommandProblem } from '../transport';
import { inContainer, requireRunning } from '../../container/container-state';
import { toResult } from '../describe';
import { CommandError, NotStarted } from '../errors';
import { exitState, startedPid } from './exec-state';
import { readFrames } from '../../engine/framed-stream';
import { ended } from '../../engine/stream-end';
import { ContainerError } from '../../container/errors';
import { onAbort } from '../../support/on-abort';
import { collectOutput } from '../output';
import { printedCommand, withCommandOrigin } from '../origin';
import { signalExec } from './signal-exec';
import { problemOf } from './start-problem';
import { startProgram } from './start-program';

/** A long-running program that gets its own exec. */
export interface ExecRequest {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string | undefined;
  user: string | undefined;
  /** The size of its terminal, in characters. Undefined: it has no terminal, and its output is framed. */
  terminal?: { columns: number; rows: number };
}

/** A program that runs in a container, with its input and output. */
export interface OpenExec {
  /** Reads return its output as the engine sends it; writes are its input. */
  readonly stream: Duplex;
  /**
   * Returns its exit code, once the stream has ended.
   *
   * @throws ContainerError `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING` if it ended with its container
   */
  exitCode(): Promise<number>;
  /** Sets the size of its terminal, in characters. */
  resize(columns: number, rows: number): Promise<void>;
  /** Sends it a signal. SIGKILL also ends everything that it started. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** Sets whether its stream keeps Node.js alive. Default: it does not. */
  keepAlive(alive: boolean): void;
}

/**
 * Starts a program by an exec (Engine API, "Exec") and returns once it runs. It ends with its container.
 *
 * @throws CommandError `PROGRAM_NOT_FOUND`, `PROGRAM_NOT_EXECUTABLE`, `DIRECTORY_NOT_FOUND`, `USER_NOT_FOUND`,
 * `COMMAND_NOT_STARTED`
 * @throws ContainerError if the container is not running or was removed; `PROCESS_NOT_SEEN` if belljar could not stop
 * the program
 */
export async function openExec(container: StartedContainer, request: ExecRequest): Promise<OpenExec> {
  const program = await execProgram(container, request);
  program.keepAlive(false);
  return program;
}

async function execProgram(container: StartedContainer, request: ExecRequest): Promise<OpenExec> {
  const { terminal } = request;
  const started = await startProgram(container, { ...request, stdin: true, stoppable: true }).catch(
    (error: unknown) => {
      throw error instanceof NotStarted ? problemError(container, request, error.problem) : error;
    },
  );
  const { exec, stream } = started;
  const close = (): void => void stream.destroy();
  stream.once('close', onAbort(container.removal, close).forget);
  // An error only comes with the end. The state of the container, which is read then, tells why.
  stream.on('error', close);
  const runs =
    started.pid !== undefined ||
    (await inContainer(container, () => startedPid(exec, container.removal))) !== 0 ||
    (!started.pidsKept && (await hasEndedItself(exec)));
  if (!runs) throw await startError(container, request, stream);
  // The program gets its size a moment later.
  if (terminal !== undefined && !started.sized)
    await inContainer(container, () => resizeExec(exec, terminal.columns, terminal.rows));
  const socket = stream as Partial<Socket>;
  let killed = false;
  return {
    stream,
    exitCode: async () => {
      const { ExitCode } = await exitState(container, exec);
      if (ExitCode === 137 && !killed) await requireRunning(container);
      return ExitCode ?? 0;
    },
    resize: (columns, rows) => inContainer(container, () => resizeExec(exec, columns, rows)),
    signal: async (name) => {
      killed ||= name === 'SIGKILL';
      await inContainer(container, () => signalExec(container, started, name));
    },
    keepAlive: (alive) => {
      if (alive) socket.ref?.();
      else socket.unref?.();
    },
  };
}

/**
 * Kills a program and all that it started; one whose container was removed or stopped went with it.
 *
 * @throws ContainerError `CONTAINER_KILLED` if only the whole container could be killed
 */
export async function killProgram(program: OpenExec): Promise<void> {
  try {
    await program.signal('SIGKILL');
  } catch (error) {
    if (!(error instanceof ContainerError) || error.code === 'CONTAINER_KILLED') throw error;
  }
}

async function resizeExec(exec: Docker.Exec, columns: number, rows: number): Promise<void> {
  await exec.resize({ w: columns, h: rows });
}

/** Whether an exec of an engine that keeps no process ids ended with an exit code that is not the engine's. */
async function hasEndedItself(exec: Docker.Exec): Promise<boolean> {
  const { ExitCode } = await exec.inspect();
  return ![125, 126, 127].includes(ExitCode ?? 0);
}

/** Makes the error for a program that never ran: its output is the engine's own message. */
async function startError(
  container: StartedContainer,
  request: ExecRequest,
  stream: Duplex,
): Promise<CommandError<string | Uint8Array>> {
  const message = await textOf(stream, request.terminal === undefined);
  const problem = problemOf(message, request);
  if (problem.code === 'COMMAND_NOT_STARTED') await requireRunning(container);
  return problemError(container, request, problem);
}

function problemError(
  container: StartedContainer,
  request: ExecRequest,
  problem: CommandProblem,
): CommandError<string | Uint8Array> {
  const exit: CommandExit = { exitCode: undefined, problem };
  const described = toResult(request.argv, {}, collectOutput(0), exit, 0);
  const result = withCommandOrigin(described, request.argv, redactorOf(container));
  const where = `in container ${shortId(container.id)} (${container.image.reference})`;
  return new CommandError(result, `Command failed with ${problem.code}: ${printedCommand(result)}`, [
    problem.message,
    where,
  ]);
}

async function textOf(stream: Duplex, isFramed: boolean): Promise<string> {
  const pieces: Buffer[] = [];
  const keep = (bytes: Buffer): void => void pieces.push(bytes);
  if (isFramed) readFrames(stream, (_, bytes) => keep(bytes));
  else stream.on('data', keep);
  await ended(stream);
  return Buffer.concat(pieces).toString();
}
