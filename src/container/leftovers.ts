import { connectEngine } from '../engine/connection';
import { listOwned, type OwnedThing } from '../engine/owned';
import { ownerState } from '../engine/run';

/** Something of belljar's in the engine whose run is over: a process that was killed could not remove it. */
export type Leftover = OwnedThing;

/**
 * What runs that are over have left in the engine. Only what carries belljar's labels is looked at, and only what says
 * for certain that its owner is dead counts: not what comes from another machine, or from within a container.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeftovers(): Promise<Leftover[]> {
  const { docker } = await connectEngine();
  return (await listOwned(docker)).filter(({ run }) => ownerState(run) === 'dead');
}
