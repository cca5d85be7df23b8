import type { StartedContainer } from '../../container/started-container';
import type { CommandResult } from '../result';

/** A process that was spawned in a container, as it is now. */
export interface SpawnedState {
  /** What it has done so far, with the last of its output. */
  result: CommandResult;
  ended: boolean;
}

/** How many are remembered for each container; each holds on to the end of its output. */
const maxRemembered = 5;

/** By what all objects around one container have in common. */
const spawned = new WeakMap<AbortSignal, Set<() => SpawnedState>>();

/**
 * Remembers a process of a container's, so that a failure can show what it printed.
 *
 * @returns forgets it
 */
export function rememberSpawned(
  { removal }: Pick<StartedContainer, 'removal'>,
  look: () => SpawnedState,
): () => void {
  const known = spawned.get(removal) ?? new Set();
  spawned.set(removal, known.add(look));
  const [oldest] = known;
  if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest);
  return () => void known.delete(look);
}

/** The last processes that were spawned in a container and not disposed of, in that order. */
export function spawnedIn({ removal }: Pick<StartedContainer, 'removal'>): SpawnedState[] {
  return [...(spawned.get(removal) ?? [])].map((look) => look());
}
