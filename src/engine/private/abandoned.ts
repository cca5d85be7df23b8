import { removeLeftovers } from './clean-up';
import { layoutOf, lockOf, type Layout } from './layout';
import { withLockIfFree } from './lock';
import { enginesIn } from './machine';
import { livingOwners } from './owners';
import { readRecord } from './record';

/**
 * Removes the private engines of other names whose owners have all died, running or not. One that somebody is starting
 * or stopping just now is left alone.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function removeAbandoned({ runDirectory, name: own }: Layout): Promise<void> {
  const others = enginesIn(runDirectory).filter((name) => name !== own);
  for (const layout of others.map((name) => layoutOf({ name, runDirectory }))) {
    await withLockIfFree(lockOf(layout), () => removeIfAbandoned(layout));
  }
}

async function removeIfAbandoned(layout: Layout): Promise<void> {
  const record = readRecord(layout);
  if (record !== undefined && livingOwners(layout).length === 0) await removeLeftovers(layout, record);
}
