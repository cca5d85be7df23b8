import type Docker from 'dockerode';
import { ContainerError } from './errors';
import type { StartedContainer } from './started-container';
import { EngineError } from '../engine/errors';
import { codeOf, messageOf, statusOf } from '../support/errors';
import { poll, pollOrUndefined } from '../support/poll';
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
    if (statusOf(error) === 409) throw notRunningError(container, `: ${messageOf(error)}`, error);
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
 * belljar also counts the processes of a container that is recorded as running.
 *
 * @throws ContainerError `CONTAINER_NOT_RUNNING` with how it ended, `CONTAINER_REMOVED`
 * @throws EngineError `ENGINE_UNREACHABLE` if the engine does not answer any more
 */
export async function requireRunning(container: StartedContainer): Promise<void> {
  const state = await readState(container);
  const processes = state.Running ? await countProcesses(container) : 0;
  if (processes !== undefined && processes > 0) return;
  const look = (): ReturnType<typeof endedState> => endedState(container);
  const recorded = {
    for: `the engine to record that container ${shortId(container.id)} has ended`,
    interval: 10,
  };
  const ended =
    processes === undefined
      ? await pollOrUndefined(look, { ...recorded, timeout: 2_000 })
      : await poll(look, { ...recorded, timeout: 10_000 });
  // The engine says that the container runs, and its processes could not be counted.
  if (ended === undefined) return;
  // Before the engine kills a container to remove it by force, it records the removal.
  if (ended.Status === 'removing' || ended.Status === 'dead') throw removedError(container, undefined);
  const why = ended.OOMKilled
    ? 'it was killed because it ran out of memory'
    : `it ended with code ${ended.ExitCode}`;
  throw notRunningError(container, `: ${why} while the command ran`, undefined);
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

/** Returns undefined if the processes can't be counted. */
async function countProcesses({ docker }: StartedContainer): Promise<number | undefined> {
  try {
    const { Processes } = (await docker.top()) as { Processes: unknown[] | null };
    return (Processes ?? []).length;
  } catch (error) {
    // The engine runs ps on its own machine, which may not have it.
    if (/ps\b.*executable file not found/.test(messageOf(error))) return undefined;
    // Engine API, "List processes running inside a container": refused once there are none.
    if (statusOf(error) !== undefined) return 0;
    throw error;
  }
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

function notRunningError(container: StartedContainer, why: string, cause: unknown): ContainerError {
  const message = `Container ${shortId(container.id)} (${container.image.reference}) is not running${why}`;
  return new ContainerError('CONTAINER_NOT_RUNNING', message, { cause });
}
