import type Docker from 'dockerode';
import { inContainer, requireRunning } from '../../container/container-state';
import { ContainerError } from '../../container/errors';
import type { StartedContainer } from '../../container/started-container';
import { engineVersion } from '../../engine/engine-version';
import { cutShort } from '../../engine/framed-stream';
import { compareVersions } from '../../engine/version';
import { onAbort } from '../../support/on-abort';
import { redactorOf } from '../../support/secrets/redact';
import { pollOrUndefined } from '../../support/poll';
import { shortId } from '../../support/short-id';
import { clearTimeout, setTimeout } from '../../support/time';
import type { CommandErrorCode } from '../result';
import { NotStarted } from '../errors';
import type { CommandRequest } from '../transport';
import { createExec } from './create-exec';
import { endOf, neverRan } from './exec-state';
import { killExec } from './kill-exec';
import { viewOf, type ContainerView } from './processes-seen';
import { startExec } from './start-exec';
import { readShim, shimArguments } from './start-shim';
import { isOfAnother, problemOf, refusedStart } from './start-problem';
import type { StartedExec } from './started-exec';

/** A program that is started by an exec of its own. */
export interface ProgramRequest extends Pick<CommandRequest, 'argv' | 'env' | 'cwd' | 'user'> {
  /** Whether it gets input. */
  stdin: boolean;
  /** The size of its terminal, in characters. Undefined: it has no terminal, and its output is framed. */
  terminal?: { columns: number; rows: number };
  /** Whether belljar must be able to stop it alone. */
  stoppable: boolean;
}

/**
 * Starts a program by an exec. If this machine can't see the container's processes, the program is started through a
 * shell of the container that tells its process id first. So the program can be stopped from inside later. The same if
 * the engine keeps no process ids: so belljar knows that the program ran.
 *
 * If the program can't be started, the exec has ended, and its output is the engine's message.
 *
 * @throws NotStarted if the engine answers why it does not start the program
 * @throws ContainerError `PROCESS_NOT_SEEN` if belljar must be able to stop the program, and could not;
 * `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING`
 */
export async function startProgram(
  container: StartedContainer,
  request: ProgramRequest,
): Promise<StartedExec> {
  const { terminal } = request;
  const view = await viewOf(container);
  const size = terminal === undefined || (await startsTerminalsSized()) ? undefined : terminal;
  if (!view.processesSeen || !view.pidsKept || size !== undefined) {
    const started = await startThroughShim(container, request, view, size);
    if (typeof started === 'object') return started;
    if (started === 'no shell' && request.stoppable && !view.processesSeen)
      throw notStoppable(container, request);
  }
  const { exec, stream } = await startOne(container, request);
  return { exec, stream, pid: undefined, pidsKept: view.pidsKept, sized: size === undefined };
}

/** How long the shell may take to become the program, in milliseconds. */
const shimTimeoutMs = 30_000;

/** @returns `no shell` if the container has none; undefined if the shell, or the engine, can't start the program */
async function startThroughShim(
  container: StartedContainer,
  request: ProgramRequest,
  view: ContainerView,
  size: ProgramRequest['terminal'],
): Promise<StartedExec | 'no shell' | undefined> {
  const { terminal } = request;
  const argv = shimArguments({ argv: request.argv, env: { ...view.env, ...request.env }, size });
  const one = await startOne(container, { ...request, argv }).catch(noShellOf);
  if (one === 'no shell') return one;
  const { exec, stream } = one;
  const close = (): void => void stream.destroy();
  const removed = onAbort(container.removal, close);
  const limit = setTimeout(close, shimTimeoutMs);
  // An error only comes with the end. The state of the exec, which is read then, tells what came of it.
  stream.on('error', close);
  try {
    const outcome = await readShim(stream, terminal === undefined);
    if ('pid' in outcome) return { exec, stream, pid: outcome.pid, pidsKept: view.pidsKept, sized: true };
    close();
    return await whyNot(container, exec, outcome.message, { request, view });
  } finally {
    clearTimeout(limit);
    removed.forget();
  }
}

/** @throws NotStarted if the engine answers why it does not start the program */
async function startOne(
  container: StartedContainer,
  request: ProgramRequest,
): Promise<Pick<StartedExec, 'exec' | 'stream'>> {
  const { stdin, terminal } = request;
  try {
    const exec = await createExec(container, request, { stdin, terminal });
    return { exec, stream: await startExec(container, exec, { stdin, tty: terminal !== undefined }) };
  } catch (error) {
    throw refusedStart(error, request);
  }
}

function noShellOf(error: unknown): 'no shell' {
  if (error instanceof NotStarted && shellMissing.has(error.problem.code)) return 'no shell';
  throw error;
}

/** Makes sure that the program never ran, since it may be started once more. */
async function whyNot(
  container: StartedContainer,
  exec: Docker.Exec,
  message: string,
  { request: { cwd, user }, view }: { request: ProgramRequest; view: ContainerView },
): Promise<'no shell' | undefined> {
  container.removal.throwIfAborted();
  const state = await inContainer(container, () => endOfStopped(exec));
  if (state !== undefined && neverRan(state, message, view)) {
    const shell = { argv: ['/bin/sh'], cwd, user };
    const isMissing = shellMissing.has(problemOf(message, shell).code) && !isOfAnother(message, shell);
    return isMissing ? 'no shell' : undefined;
  }
  if (state?.ExitCode === 126 || state?.ExitCode === 127) return undefined;
  await requireRunning(container);
  if (state === undefined) await killExec(container, { exec, pid: undefined });
  throw cutShort();
}

const shellMissing = new Set<CommandErrorCode>(['PROGRAM_NOT_FOUND', 'PROGRAM_NOT_EXECUTABLE']);

/** Returns undefined for an exec that goes on without its connection. */
function endOfStopped(exec: Docker.Exec): Promise<Docker.ExecInspectInfo | undefined> {
  return pollOrUndefined(() => endOf(exec), {
    for: 'the engine to record that a command has ended',
    timeout: 5000,
    interval: 5,
  });
}

function notStoppable(container: StartedContainer, { argv }: ProgramRequest): ContainerError {
  const { redact } = redactorOf(container);
  const program = redact(argv[0] ?? '');
  return new ContainerError(
    'PROCESS_NOT_SEEN',
    `${program} was not started in container ${shortId(container.id)} (${container.image.reference}), because belljar ` +
      "could not stop it without killing the whole container: this machine can't see the engine's processes, and the " +
      'container has no /bin/sh to stop a process from inside. Use an image with /bin/sh, or make the program the ' +
      "container's own command: { command: ['" +
      program +
      "'] }. A command without timeout and cancelSignal runs.",
  );
}

/**
 * Whether the engine sets a terminal's size before the program starts: since API 1.42, Docker 23 (Engine API, "Create
 * an exec instance": ConsoleSize). Older engines set it afterwards, when the program may have read it already: on
 * Docker 20.10, every second program has.
 */
async function startsTerminalsSized(): Promise<boolean> {
  return compareVersions((await engineVersion()).apiVersion, '1.42') >= 0;
}
