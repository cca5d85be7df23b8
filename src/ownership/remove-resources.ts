import type Docker from 'dockerode';
import type { OwnedResource } from './owned-resources';
import { acceptGone, removeAll } from '../engine/remove-all';

/** Something that the engine did not remove, and why. */
export interface RemovalFailure {
  resource: OwnedResource;
  error: unknown;
}

/**
 * Removes things of belljar's, containers with their anonymous volumes first, because networks and volumes can't go
 * while they are in use. One that is gone already, or that somebody is removing, is fine.
 *
 * @returns what could not be removed; it doesn't keep the rest from going
 */
export async function removeResources(
  docker: Docker,
  resources: readonly OwnedResource[],
): Promise<RemovalFailure[]> {
  const unremoved: RemovalFailure[] = [];
  for (const kind of ['container', 'network', 'volume'] as const) {
    await removeAll(
      resources
        .filter((resource) => resource.kind === kind)
        .map(
          (resource) => () =>
            removeOne(docker, resource).catch(
              (error: unknown) => void unremoved.push({ resource: resource, error }),
            ),
        ),
    );
  }
  return unremoved;
}

async function removeOne(docker: Docker, { kind, id }: OwnedResource): Promise<void> {
  const removal = {
    container: () => docker.getContainer(id).remove({ force: true, v: true }),
    network: () => docker.getNetwork(id).remove(),
    volume: () => docker.getVolume(id).remove(),
  };
  await (removal[kind]() as Promise<unknown>).catch(acceptGone);
}
