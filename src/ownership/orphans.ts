import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedThing } from './owned-resources';
import { removeOwned, type Unremoved } from './remove-resources';
import { ownerState } from './run';

/** Something of belljar's in the engine whose run is over: a process that was killed could not remove it. */
export type Leftover = OwnedThing;

/**
 * What runs that are over have left in the engine. Only what carries belljar's labels is looked at, and only what says
 * for certain that its owner is dead counts: not what comes from another machine, or from within a container. What is
 * kept for somebody to look at is among it.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeftovers(): Promise<Leftover[]> {
  const { docker } = await connectEngine();
  return (await listOwned(docker)).filter(({ run }) => ownerState(run) === 'dead');
}

/**
 * Removes leftovers, containers first.
 *
 * @returns those that the engine did not remove, and why
 */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<Unremoved[]> {
  const { docker } = await connectEngine();
  return removeOwned(docker, leftovers);
}

/** How many are named; the rest is counted. */
const named = 5;

/** Things in one line: `container a, network b and 3 more`. */
export function listThings(things: readonly Pick<OwnedThing, 'kind' | 'name'>[]): string {
  const names = things.slice(0, named).map(({ kind, name }) => `${kind} ${name}`);
  const more = things.length > named ? ` and ${things.length - named} more` : '';
  return names.join(', ') + more;
}
