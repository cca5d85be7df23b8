import Docker from 'dockerode';
import { poll } from '../../support/poll';
import { clientOptions } from '../../engine/connect/endpoint';
import { listOwned, type OwnedResource } from '../owned-resources';
import { isStopped, removeIfOrphaned } from '../../engine/private/orphans';
import { isNumberTaken } from '../../support/process-identity';
import { removeResources } from '../remove-resources';
import { ownerState, type Run } from '../run';
import type { CleanupJob } from './cleanup-job';

/** How long the reaper keeps on, in milliseconds. */
interface ReaperLimits {
  /** Nothing new must have been seen for so long: the engine may still be making what the run asked for just before. */
  quiet: number;
  /** An engine that does not answer, or not remove, is tried again for so long: it may be restarting. */
  patience: number;
  /** A process may take so long from closing its pipe to its end; of one that lives on nothing is touched. */
  dying: number;
}

const reaperLimits: ReaperLimits = { quiet: 1500, patience: 60_000, dying: 10_000 };

/** How long an engine may take over one request, in milliseconds, before it is asked again. */
const requestTimeout = 15_000;

/**
 * Carries out orders, each as far as it can be. Private engines that nobody lives to use go as well, after the
 * containers in them.
 *
 * @throws AggregateError with why some could not be carried out: `TIMED_OUT` where the time was over
 */
export async function reapAll(orders: readonly CleanupJob[], limits = reaperLimits): Promise<void> {
  const outcomes = await Promise.allSettled(orders.map((order) => reap(order, limits)));
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be removed');
}

async function reap(order: CleanupJob, limits: ReaperLimits): Promise<void> {
  const { run, privateEngine } = order;
  await poll(() => isOver(run), { for: `run ${run.id} to end`, timeout: limits.dying });
  try {
    await removeUntilQuiet(order, limits);
  } finally {
    if (privateEngine !== undefined) await removeIfOrphaned(privateEngine);
  }
}

/**
 * A closed pipe alone is no proof: a process may close what it likes. The reaper was started by that very process, so
 * where there is no telling more, the process's number at least means the same to both.
 */
function isOver(run: Run): boolean {
  const state = ownerState(run);
  return state === 'dead' || (state === 'unknown' && !isNumberTaken(run.pid));
}

async function removeUntilQuiet(order: CleanupJob, { quiet, patience }: ReaperLimits): Promise<void> {
  const docker = new Docker({ ...clientOptions(order.endpoint), timeout: requestTimeout });
  const known = new Set<string>();
  let last = performance.now();
  const note = (resources: readonly OwnedResource[]): void => {
    if (resources.some(({ id }) => !known.has(id))) last = performance.now();
    resources.forEach(({ id }) => known.add(id));
  };
  const look = async (): Promise<boolean> => {
    if (order.privateEngine !== undefined && isStopped(order.privateEngine)) return true;
    try {
      const leftResources = await resourcesOf(docker, order.run);
      note(leftResources);
      await removeResources(docker, leftResources);
      return leftResources.length === 0 && performance.now() - last >= quiet;
    } catch {
      // It does not answer: it is restarting, perhaps. Asked again until patience ends.
      last = performance.now();
      return false;
    }
  };
  await poll(look, {
    for: `the engine to keep nothing of run ${order.run.id}`,
    timeout: patience,
    interval: 200,
  });
}

async function resourcesOf(docker: Docker, run: Run): Promise<OwnedResource[]> {
  return (await listOwned(docker, run.id)).filter(
    (resource) => resource.run.pid === run.pid && !resource.retained,
  );
}
