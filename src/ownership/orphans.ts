import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedResource } from './owned-resources';
import { removeResources, type RemovalFailure } from './remove-resources';
import { ownerState } from './run';
import { firstNames } from '../support/lines';

/** A resource of belljar whose owner is dead. */
export type Orphan = OwnedResource;

/**
 * Lists the orphans in the engine, retained containers among them. A resource without belljar's labels is never listed,
 * and an owner must be dead for certain: an owner on another machine, or in a container, is not.
 *
 * @throws EngineError if there is no engine
 */
export async function findOrphans(): Promise<Orphan[]> {
  const { docker } = await connectEngine();
  return (await listOwned(docker)).filter(({ run }) => ownerState(run) === 'dead');
}

/**
 * Removes orphans, containers first.
 *
 * @returns the failures
 * @throws EngineError if there is no engine
 */
export async function removeOrphans(orphans: readonly Orphan[]): Promise<RemovalFailure[]> {
  const { docker } = await connectEngine();
  return removeResources(docker, orphans);
}

/** How many resources are named; the others are counted. */
const named = 5;

/** Names resources in one line: `container a, network b and 3 more`. */
export function listNames(resources: readonly Pick<OwnedResource, 'kind' | 'name'>[]): string {
  return firstNames(
    resources.map(({ kind, name }) => `${kind} ${name}`),
    named,
  );
}
