import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedResource } from './owned-resources';
import { removeResources, type RemovalFailure } from './remove-resources';
import { ownerState } from './run';
import { firstNames } from '../support/lines';

/** Something of belljar's in the engine whose run is over: a process that was killed could not remove it. */
export type Orphan = OwnedResource;

/**
 * What runs that are over have left in the engine. Only what carries belljar's labels is looked at, and only what says
 * for certain that its owner is dead counts: not what comes from another machine, or from within a container. What is
 * kept for somebody to look at is among it.
 *
 * @throws EngineError where there is no engine
 */
export async function findOrphans(): Promise<Orphan[]> {
  const { docker } = await connectEngine();
  return (await listOwned(docker)).filter(({ run }) => ownerState(run) === 'dead');
}

/**
 * Removes leftovers, containers first.
 *
 * @returns those that the engine did not remove, and why
 */
export async function removeOrphans(leftovers: readonly Orphan[]): Promise<RemovalFailure[]> {
  const { docker } = await connectEngine();
  return removeResources(docker, leftovers);
}

/** How many are named; the rest is counted. */
const named = 5;

/** Things in one line: `container a, network b and 3 more`. */
export function listNames(resources: readonly Pick<OwnedResource, 'kind' | 'name'>[]): string {
  return firstNames(
    resources.map(({ kind, name }) => `${kind} ${name}`),
    named,
  );
}
