import { removeContainer } from '../container/remove';
import { withEngineWatchdog } from '../engine/watchdog';
import { connectEngine } from '../engine/connect/connection';
import { pooledLabel } from '../ownership/labels';
import { listOwned, type OwnedResource } from '../ownership/owned-resources';
import { removeResources } from '../ownership/remove-resources';
import type { Run } from '../ownership/run';

/** A resource that a run still has in the engine. */
export interface RunLeak extends OwnedResource {
  /** Whether a worker that has ended started it ahead: no test forgot it. */
  isPooled: boolean;
}

/**
 * Returns the resources that the engine has of one run, without the retained ones.
 *
 * @throws EngineError if there is no engine
 */
export async function findLeaks(run: Run): Promise<RunLeak[]> {
  const { docker } = await connectEngine();
  const resources = await withEngineWatchdog(docker, listOwned(docker, run.id));
  return resources
    .filter(({ retained }) => !retained)
    .map((resource) => ({ ...resource, isPooled: pooledLabel in resource.labels }));
}

/**
 * Removes resources, and waits until the containers are gone.
 *
 * @throws the engine's reason for the first that it did not remove
 */
export async function removeLeaks(leaks: readonly RunLeak[]): Promise<void> {
  const { docker } = await connectEngine();
  const containers = leaks.filter(({ kind }) => kind === 'container');
  await Promise.all(containers.map(({ id }) => removeContainer(docker.getContainer(id))));
  const [failure] = await removeResources(
    docker,
    leaks.filter(({ kind }) => kind !== 'container'),
  );
  if (failure !== undefined) throw failure.error;
}
