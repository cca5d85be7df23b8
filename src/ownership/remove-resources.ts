import type Docker from 'dockerode';
import type { OwnedThing } from './owned-resources';
import { acceptGone, removeAll } from '../engine/remove-all';

/** Something that the engine did not remove, and why. */
export interface Unremoved {
  thing: OwnedThing;
  error: unknown;
}

/**
 * Removes things of belljar's, containers with their anonymous volumes first, because networks and volumes can't go while
 * they are in use. One that is gone already, or that somebody is removing, is fine.
 *
 * @returns what could not be removed; it doesn't keep the rest from going
 */
export async function removeOwned(docker: Docker, things: readonly OwnedThing[]): Promise<Unremoved[]> {
  const unremoved: Unremoved[] = [];
  for (const kind of ['container', 'network', 'volume'] as const) {
    await removeAll(
      things
        .filter((thing) => thing.kind === kind)
        .map(
          (thing) => () =>
            removeOne(docker, thing).catch((error: unknown) => void unremoved.push({ thing, error })),
        ),
    );
  }
  return unremoved;
}

async function removeOne(docker: Docker, { kind, id }: OwnedThing): Promise<void> {
  const removal = {
    container: () => docker.getContainer(id).remove({ force: true, v: true }),
    network: () => docker.getNetwork(id).remove(),
    volume: () => docker.getVolume(id).remove(),
  };
  await (removal[kind]() as Promise<unknown>).catch(acceptGone);
}
