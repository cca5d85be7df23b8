import type Docker from 'dockerode';
import { statusOf } from '../support/errors';
import type { OwnedThing } from './owned';

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

/** How many removals an engine gets at once; more only wait in it. */
const atOnce = 8;

/** Runs removals, so many at once. */
export async function removeAll(removals: readonly (() => Promise<unknown>)[]): Promise<void> {
  const waiting = removals.values();
  const removeNext = async (): Promise<void> => {
    for (const remove of waiting) await remove();
  };
  await Promise.all(Array.from({ length: atOnce }, removeNext));
}

/** 404: it is gone already. 409: somebody is removing it. */
export function acceptGone(error: unknown): void {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}
