import type { StartedContainer } from '../../container/started-container';
import { originalOf } from '../../support/brand';
import type { CommandResult } from '../result';

/** A process that was spawned in a container, as it is now. */
export interface SpawnedState {
  /** What it has done so far, with the last of its output. */
  result: CommandResult;
  ended: boolean;
}

/** How many are remembered for each container; each holds on to the end of its output. */
const maxRemembered = 5;

/** By the container itself: a box is asked by its container. */
const spawned = new WeakMap<object, Set<() => SpawnedState>>();

/**
 * Remembers a process of a container's, so that a failure can show what it printed.
 *
 * @returns forgets it
 */
export function rememberSpawned(container: StartedContainer, look: () => SpawnedState): () => void {
  const original = originalOf(container, 'container');
  const known = spawned.get(original) ?? new Set();
  spawned.set(original, known.add(look));
  const [oldest] = known;
  if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest);
  return () => void known.delete(look);
}

/** The last processes that were spawned in a container and not disposed of, in that order. */
export function spawnedIn(container: StartedContainer): SpawnedState[] {
  return [...(spawned.get(originalOf(container, 'container')) ?? [])].map((look) => look());
}
