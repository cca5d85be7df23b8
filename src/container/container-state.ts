import type Docker from 'dockerode';
import { ContainerError } from './errors';
import type { StartedContainer } from './started-container';
import { EngineError } from '../engine/errors';
import { codeOf, messageOf, statusOf } from '../support/errors';
import { poll, pollOrUndefined } from '../support/poll';

/**
 * Does something that needs a running container, and says what became of the container, or the engine, where that
 * fails.
 *
 * @throws ContainerError `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING`
 * @throws EngineError `ENGINE_UNREACHABLE` where the engine has gone
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
 * Whether an exec was asked for whose container has ended since the exec was made: the engine answers that the
 * container is not running, with 500 (moby, `getExecConfig`), and a little later that there is no such exec.
 */
function isOfEndedExec(error: unknown): boolean {
  const message = messageOf(error);
  return statusOf(error) === 500
    ? /Container [0-9a-f]+ is not running/.test(message)
    : statusOf(error) === 404 && /no such exec instance/i.test(message);
}

/** What a connection fails with when nobody is at its other end any more. */
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
    `The engine that container ${shortId(container)} runs in does not answer any more: it was stopped or has crashed ` +
      `(${messageOf(cause)}). Its log tells more: journalctl -u docker.`,
    { cause },
  );
}

/**
 * Throws where the container has ended. The engine notes that a little after the container's processes are dead, so a
 * container that counts as running is asked for its processes as well.
 *
 * @throws ContainerError `CONTAINER_NOT_RUNNING` with how it ended, `CONTAINER_REMOVED`
 * @throws EngineError `ENGINE_UNREACHABLE` where the engine has gone
 */
export async function requireRunning(container: StartedContainer): Promise<void> {
  const state = await readState(container);
  const processes = state.Running ? await countProcesses(container) : 0;
  if (processes !== undefined && processes > 0) return;
  const look = (): ReturnType<typeof endedState> => endedState(container);
  const noted = { for: `the engine to note that container ${shortId(container)} has ended`, interval: 10 };
  const ended =
    processes === undefined
      ? await pollOrUndefined(look, { ...noted, timeout: 2_000 })
      : await poll(look, { ...noted, timeout: 10_000 });
  // Still running by the engine's word, where there is nothing else to ask.
  if (ended === undefined) return;
  // The engine kills a container that it is told to remove by force, and notes that it does before.
  if (ended.Status === 'removing' || ended.Status === 'dead') throw removedError(container, undefined);
  const why = ended.OOMKilled
    ? 'it was killed because it ran out of memory'
    : `it ended with code ${ended.ExitCode}`;
  throw notRunningError(container, `: ${why} while the command ran`, undefined);
}

type State = Docker.ContainerInspectInfo['State'];

/** How a container ended; undefined where the engine has not noted that. */
async function endedState(container: StartedContainer): Promise<State | undefined> {
  const state = await readState(container);
  return state.Running ? undefined : state;
}

async function readState(container: StartedContainer): Promise<State> {
  return (await inContainer(container, () => container.docker.inspect())).State;
}

/** Undefined where they can't be counted. */
async function countProcesses({ docker }: StartedContainer): Promise<number | undefined> {
  try {
    const { Processes } = (await docker.top()) as { Processes: unknown[] | null };
    return (Processes ?? []).length;
  } catch (error) {
    // The engine runs ps on its own machine, which may have none.
    if (/ps\b.*executable file not found/.test(messageOf(error))) return undefined;
    // Engine API, "List processes running inside a container": refused once there are none.
    if (statusOf(error) !== undefined) return 0;
    throw error;
  }
}

function removedError(container: StartedContainer, cause: unknown): ContainerError {
  return new ContainerError(
    'CONTAINER_REMOVED',
    `Container ${shortId(container)} is gone: somebody removed it.`,
    {
      cause,
    },
  );
}

function notRunningError(container: StartedContainer, why: string, cause: unknown): ContainerError {
  const message = `Container ${shortId(container)} (${container.image.reference}) is not running${why}`;
  return new ContainerError('CONTAINER_NOT_RUNNING', message, { cause });
}

function shortId(container: StartedContainer): string {
  return container.id.slice(0, 12);
}
