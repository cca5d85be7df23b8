import type Docker from 'dockerode';
import { withEngineWatchdog } from '../engine/watchdog';
import { messageOf, statusOf } from '../support/errors';
import { poll } from '../support/poll';
import { shortId } from '../support/short-id';
import { ContainerError } from './errors';

/**
 * Removes a container and its anonymous volumes at once, running or not, and returns when the engine no longer knows
 * it. Does nothing if the container is gone already.
 *
 * @throws ContainerError `CONTAINER_NOT_REMOVED`
 */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await withEngineWatchdog(container, container.remove({ force: true, v: true }));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return;
    // 409: the engine is removing it already, for another caller.
    if (status !== 409) throw notRemoved(container, error);
    await poll(() => isGone(container), { for: `container ${container.id} to be removed`, timeout: 30_000 });
  }
}

async function isGone(container: Docker.Container): Promise<boolean> {
  try {
    await container.inspect();
    return false;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    throw error;
  }
}

function notRemoved(container: Docker.Container, cause: unknown): ContainerError {
  return new ContainerError(
    'CONTAINER_NOT_REMOVED',
    `The engine did not remove container ${shortId(container.id)}: ${messageOf(cause)}`,
    { cause },
  );
}
