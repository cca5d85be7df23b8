import { retainsFailed } from '../container/retention';
import { findOrphans, listNames, removeOrphans } from '../ownership/orphans';
import { connectEngine } from '../engine/connect/connection';
import { info } from '../engine/info';
import { takeOwnership } from '../ownership/ownership';
import { ownRun } from '../ownership/run';
import type { Image } from '../image/image';
import { resolveImage } from '../image/sources/resolve';
import { printLine } from './print-line';
import { withoutStack } from './without-stack';

/**
 * Jest's `globalSetup`, once before all tests: begins the run that every worker joins, finds the engine, makes the
 * default image present so that the workers don't each fetch it, and says which engine and image these are. This
 * process owns the run and its reaper. What earlier runs left that were killed together with their reapers, as a
 * machine that loses its power does, is removed, unless `BELLJAR_SWEEP=off`.
 *
 * @param config what Jest gives: `maxWorkers` share the machine
 * @throws EngineError where there is no engine, ImageError where the image can't be had, InvalidOptionError for a
 * setting that can't be used: no test runs then
 */
export default async function globalSetup(config: { maxWorkers?: number } = {}): Promise<void> {
  ownRun();
  process.env.BELLJAR_WORKERS = String(config.maxWorkers ?? 1);
  try {
    retainsFailed();
    await takeOwnership();
    if (process.env.BELLJAR_SWEEP !== 'off') await sweep();
    printLine(`belljar: ${await describeEngine()}, image ${describeImage(await resolveImage())}`);
  } catch (error) {
    throw withoutStack(error);
  }
}

async function sweep(): Promise<void> {
  const found = await findOrphans();
  const kept = found.filter((thing) => thing.retained);
  if (kept.length > 0)
    printLine(`belljar: kept from runs before: ${listNames(kept)} (npx belljar clean removes them)`);
  const leftovers = found.filter((thing) => !thing.retained);
  if (leftovers.length === 0) return;
  const stuck = (await removeOrphans(leftovers)).map(({ resource: thing }) => thing);
  const removed = leftovers.filter((leftover) => !stuck.includes(leftover));
  if (removed.length > 0) printLine(`belljar: removed what killed runs had left: ${listNames(removed)}`);
  if (stuck.length > 0) printLine(`belljar: could not remove what killed runs left: ${listNames(stuck)}`);
}

async function describeEngine(): Promise<string> {
  const { endpoint } = await connectEngine();
  const { isPodman, version } = await info();
  return `${isPodman ? 'Podman' : 'Docker'} ${version} at ${endpoint.host}`;
}

/** Never lets a stand-in pass for what it is not. */
function describeImage({ reference, standsInFor }: Image): string {
  return standsInFor === undefined ? reference : `${reference} (stands in for ${standsInFor})`;
}
