import type Docker from 'dockerode';
import { poll } from '../../support/poll';
import { clientOptions } from '../../engine/connect/endpoint';
import { openDocker } from '../../engine/docker-client';
import { listOwned, type OwnedResource } from '../owned-resources';
import { isStopped, removeIfOrphaned } from '../../engine/private/orphans';
import { isNumberTaken } from '../../support/process-identity';
import { removeResources } from '../remove-resources';
import { ownerState, type Run } from '../run';
import type { CleanupJob } from './cleanup-job';
import { elapsedTime } from '../../support/time';

/** The reaper's time limits, in milliseconds. */
interface ReaperLimits {
  /** How long no new resource must have appeared: the engine may still be making what the run asked for at its end. */
  quiet: number;
  /** How long to try again if the engine does not answer or does not remove a resource: it may be restarting. */
  retrying: number;
  /** How long a process may live after it has closed its pipe. If it lives longer, the reaper removes nothing. */
  dying: number;
}

const reaperLimits: ReaperLimits = { quiet: 1500, retrying: 60_000, dying: 10_000 };

/** How long the engine may take for one request, in milliseconds, before the reaper asks again. */
const requestTimeout = 15_000;

/**
 * Does cleanup jobs, each as far as possible. Then removes private engines that no living process uses.
 *
 * @throws AggregateError with an error for each job that could not be done: `TIMED_OUT` if its time was over
 */
export async function reapAll(jobs: readonly CleanupJob[], limits = reaperLimits): Promise<void> {
  const outcomes = await Promise.allSettled(jobs.map((job) => reap(job, limits)));
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be removed');
}

async function reap(job: CleanupJob, limits: ReaperLimits): Promise<void> {
  const { run, privateEngine } = job;
  await poll(() => isOver(run), { for: `run ${run.id} to end`, timeout: limits.dying });
  try {
    await removeUntilQuiet(job, limits);
  } finally {
    if (privateEngine !== undefined) await removeIfOrphaned(privateEngine);
  }
}

/**
 * Returns whether a run's process has ended. The closed pipe does not prove that: a living process can close it. If the
 * owner's state is unknown, the process number decides. It means the same here, because the run's process started the
 * reaper.
 */
function isOver(run: Run): boolean {
  const state = ownerState(run);
  return state === 'dead' || (state === 'unknown' && !isNumberTaken(run.pid));
}

async function removeUntilQuiet(job: CleanupJob, { quiet, retrying }: ReaperLimits): Promise<void> {
  const docker = openDocker({ ...clientOptions(job.endpoint), timeout: requestTimeout });
  const known = new Set<string>();
  let last = elapsedTime();
  const remember = (resources: readonly OwnedResource[]): void => {
    if (resources.some(({ id }) => !known.has(id))) last = elapsedTime();
    resources.forEach(({ id }) => known.add(id));
  };
  const look = async (): Promise<boolean> => {
    if (job.privateEngine !== undefined && isStopped(job.privateEngine)) return true;
    try {
      const resources = await resourcesOf(docker, job.run);
      remember(resources);
      await removeResources(docker, resources);
      return resources.length === 0 && elapsedTime() - last >= quiet;
    } catch {
      // The engine does not answer. It may be restarting.
      last = elapsedTime();
      return false;
    }
  };
  await poll(look, {
    for: `the engine to have nothing of run ${job.run.id}`,
    timeout: retrying,
    interval: 200,
  });
}

async function resourcesOf(docker: Docker, run: Run): Promise<OwnedResource[]> {
  return (await listOwned(docker, run.id)).filter(
    (resource) => resource.run.pid === run.pid && !resource.retained,
  );
}
