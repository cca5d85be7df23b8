import type { EngineEndpoint } from '../../engine/connect/endpoint';
import type { Run } from '../run';

/** What the reaper is told: to remove, once a run is over, what it has left in an engine. */
export interface CleanupJob {
  run: Run;
  endpoint: EngineEndpoint;
  /** Set where it is one of belljar's own, which ends with its last owner. */
  privateEngine?: { name: string; runDirectory: string };
}

/** One line. */
export function formatCleanupJob(order: CleanupJob): string {
  return JSON.stringify(order);
}

/** The orders of a text, a line each. One that was cut short, because its writer died, counts for nothing. */
export function parseCleanupJobs(text: string): CleanupJob[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CleanupJob);
}
