import type Docker from 'dockerode';
import { ContainerError } from './errors';
import { notRunningError } from './started/not-running';
import type { StartedContainer } from './started-container';
import { EngineError } from '../engine/errors';
import { codeOf, messageOf, statusOf } from '../support/errors';
import { pollOrUndefined } from '../support/poll';
import { shortId } from '../support/short-id';

/**
 * Runs an operation that needs a running container. If it fails, the error says what happened to the container or the
 * engine.
 *
 * @throws ContainerError `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING`
 * @throws EngineError `ENGINE_UNREACHABLE` if the engine does not answer any more
 */
export async function inContainer<Value>(
  container: StartedContainer,
  act: () => Promise<Value>,
): Promise<Value> {
  container.removal.throwIfAborted();
  try {
    return await act();
  } catch (error) {
    container.removal.throwIfAborted();
    if (isOfEndedExec(error)) await requireRunning(container);
    // Engine API, "Create an exec instance": 404 no such container, 409 it is paused or stopped.
    if (statusOf(error) === 404) throw removedError(container, error);
    if (statusOf(error) === 409 || isOfState(error)) throw await refusal(container, error);
    if (connectionCodes.has(codeOf(error) ?? '')) throw engineGoneError(container, error);
    throw error;
  }
}

/**
 * Whether an error is about an exec whose container has ended since. The engine answers that the container is not
 * running, with 500 (moby, `getExecConfig`), and a little later that there is no such exec.
 */
function isOfEndedExec(error: unknown): boolean {
  const message = messageOf(error);
  return statusOf(error) === 500
    ? /Container [0-9a-f]+ is not running/.test(message)
    : statusOf(error) === 404 && /no such exec instance/i.test(message);
}

/** Whether Podman refuses something because of the container's state: with 500 (libpod, `ErrCtrStateInvalid`). */
function isOfState(error: unknown): boolean {
  return statusOf(error) === 500 && messageOf(error).includes('container state improper');
}

/** Returns the error for what the engine refuses because of the container's state (409). */
async function refusal(container: StartedContainer, cause: unknown): Promise<unknown> {
  const state = await readState(container);
  const runs = state.Running && !state.Paused && !state.Restarting;
  // It runs again by now, or the engine refuses for another reason, which its message has.
  return runs ? cause : notRunningError(container, state, { cause });
}

/** The errors of a connection whose other end is gone. */
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'EHOSTUNREACH',
  'ETIMEDOUT',
]);

function engineGoneError(container: StartedContainer, cause: unknown): EngineError {
  return new EngineError(
    'ENGINE_UNREACHABLE',
    `The engine that container ${shortId(container.id)} runs in does not answer any more: it was stopped or has crashed ` +
      `(${messageOf(cause)}). Its log tells more: journalctl -u docker.`,
    { cause },
  );
}

/**
 * Throws if the container has ended. The engine records the end a little after the container's processes are dead. So
 * belljar also looks at process 1 of a container that is recorded as running.
 *
 * @throws ContainerError `CONTAINER_NOT_RUNNING` with how it ended, `CONTAINER_REMOVED`
 * @throws EngineError `ENGINE_UNREACHABLE` if the engine does not answer any more
 */
export async function requireRunning(container: StartedContainer): Promise<void> {
  const state = await readState(container);
  const lives = state.Running && (await process1Lives(container, state.Pid));
  if (lives === true) return;
  const ended = await pollOrUndefined(() => endedState(container), {
    for: `the engine to record that container ${shortId(container.id)} has ended`,
    interval: 10,
    timeout: lives === undefined ? 2_000 : 10_000,
  });
  // The engine says that the container runs.
  if (ended === undefined) return;
  // Before the engine kills a container to remove it by force, it records the removal.
  if (ended.Status === 'removing' || ended.Status === 'dead') throw removedError(container, undefined);
  throw await notRunningError(container, ended, { when: ' while the command ran' });
}

type State = Docker.ContainerInspectInfo['State'];

/** Returns the state of a container that has ended; undefined if the engine has not recorded the end. */
async function endedState(container: StartedContainer): Promise<State | undefined> {
  const state = await readState(container);
  return state.Running ? undefined : state;
}

async function readState(container: StartedContainer): Promise<State> {
  return (await inContainer(container, () => container.docker.inspect())).State;
}

/**
 * Whether process 1 lives, by the engine's list of processes. Returns undefined if the list does not tell.
 *
 * The kernel kills the other processes of a container while process 1 is dying. So a command that was killed with its
 * container may end before process 1 does. A process that is dying has no arguments any more, and `ps` prints its name
 * in brackets (ps(1), "args").
 */
async function process1Lives({ docker }: StartedContainer, pid: number): Promise<boolean | undefined> {
  try {
    const { Titles, Processes } = (await docker.top()) as Partial<ProcessList>;
    if (Titles === undefined || !Processes) return undefined;
    const process1 = Processes.find((fields) => fields[Titles.indexOf('PID')] === String(pid));
    // The engine of another product may list the container's own process ids.
    if (process1 === undefined) return Processes.length === 0 ? false : undefined;
    return !/^\[.*\]( <defunct>)?$/.test(process1.at(-1) ?? '');
  } catch (error) {
    // The engine runs ps on its own machine, which may not have it.
    if (/ps\b.*executable file not found/.test(messageOf(error))) return undefined;
    // Engine API, "List processes running inside a container": refused once there are none.
    if (statusOf(error) !== undefined) return false;
    throw error;
  }
}

interface ProcessList {
  Titles: string[];
  Processes: string[][] | null;
}

function removedError(container: StartedContainer, cause: unknown): ContainerError {
  return new ContainerError(
    'CONTAINER_REMOVED',
    `Container ${shortId(container.id)} is gone: it was removed through the engine.`,
    {
      cause,
    },
  );
}
