import type { EngineEndpoint } from '../../engine/connect/endpoint';
import type { Run } from '../run';

/** The reaper's instruction: to remove a run's resources from an engine once the run is over. */
export interface CleanupJob {
  run: Run;
  endpoint: EngineEndpoint;
  /** Set if the engine is a private one of belljar, which ends with its last owner. */
  privateEngine?: { name: string; runDirectory: string };
}

/** Formats a job as one line. */
export function formatCleanupJob(job: CleanupJob): string {
  return JSON.stringify(job);
}

/** Parses jobs, one on each line. Ignores a last line without its end, whose writer died. */
export function parseCleanupJobs(text: string): CleanupJob[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CleanupJob);
}
