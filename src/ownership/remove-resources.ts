import type Docker from 'dockerode';
import type { OwnedResource } from './owned-resources';
import { acceptGone, removeAll } from '../engine/remove-all';

/** A resource that the engine did not remove, and its error. */
export interface RemovalFailure {
  resource: OwnedResource;
  error: unknown;
}

/**
 * Removes resources: first containers with their anonymous volumes, because the engine does not remove networks and
 * volumes that are in use. A resource that is gone, or that is being removed, is not a failure.
 *
 * @returns the failures; all other resources are removed
 */
export async function removeResources(
  docker: Docker,
  resources: readonly OwnedResource[],
): Promise<RemovalFailure[]> {
  const failures: RemovalFailure[] = [];
  for (const kind of ['container', 'network', 'volume'] as const) {
    await removeAll(
      resources
        .filter((resource) => resource.kind === kind)
        .map(
          (resource) => () =>
            removeOne(docker, resource).catch((error: unknown) => void failures.push({ resource, error })),
        ),
    );
  }
  return failures;
}

async function removeOne(docker: Docker, { kind, id }: OwnedResource): Promise<void> {
  const removal = {
    container: () => docker.getContainer(id).remove({ force: true, v: true }),
    network: () => docker.getNetwork(id).remove(),
    volume: () => docker.getVolume(id).remove(),
  };
  await (removal[kind]() as Promise<unknown>).catch(acceptGone);
}
