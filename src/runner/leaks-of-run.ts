import { pooledLabel } from '../pool/warm-pool';
import { removeContainer } from '../container/remove';
import { withEngineWatchdog } from '../engine/watchdog';
import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedResource } from '../ownership/owned-resources';
import { removeResources } from '../ownership/remove-resources';
import type { Run } from '../ownership/run';

/** Something in the engine that a run made and still has there. */
export interface RunLeak extends OwnedResource {
  /** Whether it was started ahead, by a worker that has ended since: nobody's mistake. */
  isPooled: boolean;
}

/**
 * What the engine has of one run, but for what is kept.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeaks(run: Run): Promise<RunLeak[]> {
  const { docker } = await connectEngine();
  const resources = await withEngineWatchdog(docker, listOwned(docker, run.id));
  return resources
    .filter(({ retained: kept }) => !kept)
    .map((resource) => ({ ...resource, isPooled: pooledLabel in resource.labels }));
}

/** Removes them, and waits until the containers are gone. */
export async function removeLeaks(leaks: readonly RunLeak[]): Promise<void> {
  const { docker } = await connectEngine();
  const containers = leaks.filter(({ kind }) => kind === 'container');
  await Promise.all(containers.map(({ id }) => removeContainer(docker.getContainer(id))));
  const [unremoved] = await removeResources(
    docker,
    leaks.filter(({ kind }) => kind !== 'container'),
  );
  if (unremoved !== undefined) throw unremoved.error;
}
