import { stockLabel } from '../pool/warm-pool';
import { removeContainer } from '../container/remove';
import { whileEngineAnswers } from '../engine/watchdog';
import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedThing } from '../ownership/owned-resources';
import { removeOwned } from '../ownership/remove-resources';
import type { Run } from '../ownership/run';

/** Something in the engine that a run made and still has there. */
export interface Left extends OwnedThing {
  /** Whether it was started ahead, by a worker that has ended since: nobody's mistake. */
  isStock: boolean;
}

/**
 * What the engine has of one run, but for what is kept.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeft(run: Run): Promise<Left[]> {
  const { docker } = await connectEngine();
  const things = await whileEngineAnswers(docker, listOwned(docker, run.id));
  return things
    .filter(({ kept }) => !kept)
    .map((thing) => ({ ...thing, isStock: stockLabel in thing.labels }));
}

/** Removes them, and waits until the containers are gone. */
export async function removeLeft(left: readonly Left[]): Promise<void> {
  const { docker } = await connectEngine();
  const containers = left.filter(({ kind }) => kind === 'container');
  await Promise.all(containers.map(({ id }) => removeContainer(docker.getContainer(id))));
  const [unremoved] = await removeOwned(
    docker,
    left.filter(({ kind }) => kind !== 'container'),
  );
  if (unremoved !== undefined) throw unremoved.error;
}
