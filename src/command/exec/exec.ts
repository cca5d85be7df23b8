import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StartedContainer } from '../../container/started-container';
import { codeOf } from '../../support/errors';
import { NotStarted } from '../errors';
import type { Transport, CommandExit, CommandProblem, CommandRequest } from '../transport';
import { requireRunning } from '../../container/container-state';
import { exitState, neverRan, startedPid } from './exec-state';
import { cutShort, readFrames } from '../../engine/framed-stream';
import { ended } from '../../engine/stream-end';
import { onAbort } from '../../support/on-abort';
import { killExec } from './kill-exec';
import { startProgram } from './start-program';
import type { StartedExec } from './started-exec';
import { isOfAnother, problemOf } from './start-problem';

/**
 * Creates the transport that runs each command by one exec of the engine (Engine API, "Exec"). It works in every
 * container. Every other transport must equal it byte for byte.
 */
export function createExecTransport(container: StartedContainer): Transport {
  return async (request) => {
    try {
      return await runExec(container, request);
    } catch (error) {
      if (error instanceof NotStarted) return { exitCode: undefined, problem: error.problem };
      throw error;
    }
  };
}

/** How often belljar tries a command if each time the engine's message is about another command. */
const maxAttempts = 10;

async function runExec(
  container: StartedContainer,
  request: CommandRequest,
  attempt = 1,
): Promise<CommandExit> {
  const stdin = request.input !== undefined;
  const started = await startProgram(container, { ...request, stdin });
  const { exec, stream } = started;
  const removed = onAbort(container.removal, () => void stream.destroy());
  const stopped = onAbort(request.stop, () => killExec(container, started));
  const firstBytes = keepFirst(4096);
  const frames = readFrames(stream, (name, bytes) => {
    firstBytes.add(bytes);
    request.onOutput(name, bytes);
  });
  try {
    const hasStarted = async (): Promise<boolean> =>
      started.pid !== undefined || (await startedPid(exec, container.removal)) !== 0;
    await transfer(stream, request.input, hasStarted).catch((error: unknown) =>
      giveUp(container, started, error),
    );
    if (!frames.isWhole()) await lose(container, started);
    const killProblem = await stopped.result();
    const state = await exitState(container, exec);
    const { ExitCode } = state;
    const hasNotRun = started.pid === undefined && neverRan(state, firstBytes.text(), started);
    if (hasNotRun && attempt < maxAttempts && isOfAnother(firstBytes.text(), request))
      return await runExec(container, request, attempt + 1);
    if (hasNotRun) return await neverStarted(container, problemOf(firstBytes.text(), request));
    if (ExitCode === 137 && !request.stop.aborted) await requireRunning(container);
    return { exitCode: ExitCode ?? undefined, problem: killProblem };
  } finally {
    stopped.forget();
    removed.forget();
    stream.destroy();
  }
}

async function neverStarted(container: StartedContainer, problem: CommandProblem): Promise<CommandExit> {
  if (problem.code === 'COMMAND_NOT_STARTED') await requireRunning(container);
  return { exitCode: undefined, problem };
}

/** Writes all input, and waits until the engine has sent all output or the container is gone. */
export async function transfer(
  stream: Duplex,
  input: Uint8Array | Readable | undefined,
  hasStarted: () => Promise<boolean>,
): Promise<void> {
  const output = ended(stream);
  await Promise.all([output, feed(stream, input, output, hasStarted)]);
}

/** A number of bytes that the sockets on the way surely hold. */
const shortInput = 64 * 1024;

/**
 * Writes all input, then end of file. A command need not read it all: once its output has ended, the engine takes no
 * more, and the rest is not an error.
 */
async function feed(
  stream: Duplex,
  input: Uint8Array | Readable | undefined,
  output: Promise<void>,
  hasStarted: () => Promise<boolean>,
): Promise<void> {
  if (input === undefined) return;
  // If the program never starts, the engine says why on this connection, which much input would break.
  if (input instanceof Uint8Array && input.length > shortInput) {
    if (!(await Promise.race([hasStarted(), output.then(() => false)]))) return;
  }
  const over = new AbortController();
  const stop = (): void => over.abort();
  output.then(stop, stop);
  try {
    await send(input instanceof Uint8Array ? [input] : input, stream, over.signal);
  } catch (error) {
    if (!isOfEndedOutput(error, input, over.signal.aborted)) throw error;
  }
}

async function send(
  input: Iterable<Uint8Array> | Readable,
  stream: Duplex,
  over: AbortSignal,
): Promise<void> {
  // A pipeline to a connection that is closed already never ends.
  if (!stream.destroyed) await pipeline(input, stream, { signal: over });
}

/** Whether input could not be written because the output has ended, and not because the input is broken. */
function isOfEndedOutput(error: unknown, input: Uint8Array | Readable, isOver: boolean): boolean {
  // The end of the output also marks the input as broken.
  if (isOver && codeOf(error) === 'ABORT_ERR') return true;
  if (!(input instanceof Uint8Array) && input.errored !== null) return false;
  return isOver || codeOf(error) === 'EPIPE' || codeOf(error) === 'ECONNRESET';
}

/** Kills a command that can't be written to or read from any more, and throws. */
async function giveUp(container: StartedContainer, started: StartedExec, error: unknown): Promise<never> {
  await killExec(container, started);
  throw error;
}

/** Throws for output that ends within a frame: the container, the engine or only the connection is gone. */
async function lose(container: StartedContainer, started: StartedExec): Promise<never> {
  await requireRunning(container);
  return giveUp(container, started, cutShort());
}

function keepFirst(limit: number) {
  let kept = Buffer.alloc(0);
  return {
    add: (bytes: Buffer): void => {
      if (kept.length < limit) kept = Buffer.concat([kept, bytes.subarray(0, limit - kept.length)]);
    },
    text: () => kept.toString(),
  };
}
