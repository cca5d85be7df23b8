import { retainsFailed } from '../container/retention';
import { findOrphans, listNames, removeOrphans } from '../ownership/orphans';
import { formatEngine } from '../engine/info';
import { takeOwnership } from '../ownership/ownership';
import { ownRun } from '../ownership/run';
import type { Image } from '../image/image';
import { resolveImage } from '../image/sources/resolve';
import { printLine, withoutStack } from '../runner/messages';

/**
 * Jest's `globalSetup`, which runs once before all tests. It begins the run that every worker joins, and finds the
 * engine. It fetches the default image, so that the workers need not, and prints which engine and image these are. This
 * process owns the run and its reaper. Unless `BELLJAR_SWEEP=off`, it removes orphans: what earlier runs could not
 * remove because they were killed together with their reapers, as when a machine loses its power.
 *
 * @param config of Jest: `maxWorkers` share the machine
 * @throws EngineError if there is no engine, ImageError if the image can't be had, InvalidOptionError for a setting
 * that can't be used: no test runs then
 */
export default async function globalSetup(config: { maxWorkers?: number } = {}): Promise<void> {
  ownRun();
  process.env.BELLJAR_WORKERS = String(config.maxWorkers ?? 1);
  try {
    retainsFailed();
    await takeOwnership();
    if (process.env.BELLJAR_SWEEP !== 'off') await sweep();
    printLine(`belljar: ${await formatEngine()}, image ${formatImage(await resolveImage())}`);
  } catch (error) {
    throw withoutStack(error);
  }
}

async function sweep(): Promise<void> {
  const found = await findOrphans();
  const retained = found.filter((orphan) => orphan.retained);
  if (retained.length > 0)
    printLine(`belljar: kept by earlier runs: ${listNames(retained)} (npx belljar clean removes them)`);
  const orphans = found.filter((orphan) => !orphan.retained);
  if (orphans.length === 0) return;
  const failed = (await removeOrphans(orphans)).map(({ resource }) => resource);
  const removed = orphans.filter((orphan) => !failed.includes(orphan));
  if (removed.length > 0) printLine(`belljar: removed orphans of killed runs: ${listNames(removed)}`);
  if (failed.length > 0) printLine(`belljar: could not remove orphans of killed runs: ${listNames(failed)}`);
}

/** Returns the image's reference, and what it stands in for if it is a stand-in. */
function formatImage({ reference, standsInFor }: Image): string {
  return standsInFor === undefined ? reference : `${reference} (stands in for ${standsInFor})`;
}
