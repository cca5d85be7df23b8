import { basename, dirname } from 'node:path';
import { socketPathOf } from '../connect/endpoint';
import { removePrivateEngine } from './clean-up';
import { layoutOf, lockOf, type Layout } from './layout';
import { withLockIfFree } from './lock';
import { enginesIn } from './machine/machine';
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
  for (const name of others) await removeWhereAbandoned({ name, runDirectory });
}

/** Which private engine listens at an address, if one does. */
export function privateEngineAt(host: string): Pick<Layout, 'name' | 'runDirectory'> | undefined {
  const path = socketPathOf(host);
  if (path === undefined) return undefined;
  const directory = dirname(path);
  const layout = layoutOf({ name: basename(directory), runDirectory: dirname(directory) });
  return layout.socket === path && readRecord(layout) !== undefined ? layout : undefined;
}

/** Whether a private engine has been stopped, or removed, and nothing of it is left. */
export function isStopped(engine: Pick<Layout, 'name' | 'runDirectory'>): boolean {
  return readRecord(layoutOf(engine)) === undefined;
}

/**
 * Removes a private engine, running or not, where all its owners have died.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function removeWhereAbandoned(engine: Pick<Layout, 'name' | 'runDirectory'>): Promise<void> {
  const layout = layoutOf(engine);
  await withLockIfFree(lockOf(layout), () => removeIfAbandoned(layout));
}

async function removeIfAbandoned(layout: Layout): Promise<void> {
  const record = readRecord(layout);
  if (record !== undefined && livingOwners(layout).length === 0) await removePrivateEngine(layout, record);
}
