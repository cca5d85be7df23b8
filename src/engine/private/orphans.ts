import { basename, dirname } from 'node:path';
import { socketPathOf } from '../connect/endpoint';
import { removePrivateEngine } from './clean-up';
import { layoutOf, lockOf, type Layout } from './layout';
import { withLockIfFree } from './lock';
import { enginesIn } from './machine/machine';
import { livingOwners } from './owners';
import { readRecord } from './record';

/**
 * Removes the private engines of other names whose owners have all died, running or not. Skips an engine that another
 * process is starting or stopping.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function removeOrphanedEngines({ runDirectory, name: own }: Layout): Promise<void> {
  const others = enginesIn(runDirectory).filter((name) => name !== own);
  for (const name of others) await removeIfOrphaned({ name, runDirectory });
}

/** Returns the private engine that listens at an address, or undefined if there is none. */
export function privateEngineAt(host: string): Pick<Layout, 'name' | 'runDirectory'> | undefined {
  const path = socketPathOf(host);
  if (path === undefined) return undefined;
  const directory = dirname(path);
  const layout = layoutOf({ name: basename(directory), runDirectory: dirname(directory) });
  return layout.socket === path && readRecord(layout) !== undefined ? layout : undefined;
}

/** Returns whether a private engine has been stopped and removed completely. */
export function isStopped(engine: Pick<Layout, 'name' | 'runDirectory'>): boolean {
  return readRecord(layoutOf(engine)) === undefined;
}

/**
 * Removes a private engine, running or not, if all its owners have died.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function removeIfOrphaned(engine: Pick<Layout, 'name' | 'runDirectory'>): Promise<void> {
  const layout = layoutOf(engine);
  await withLockIfFree(lockOf(layout), () => removeUnlessOwned(layout));
}

async function removeUnlessOwned(layout: Layout): Promise<void> {
  const record = readRecord(layout);
  if (record !== undefined && livingOwners(layout).length === 0) await removePrivateEngine(layout, record);
}
