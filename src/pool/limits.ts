import { availableParallelism, freemem } from 'node:os';
import { InvalidOptionError } from '../support/errors';

/** The limits of a pool. */
export interface PoolLimits {
  /** Maximum of items that wait or are being started ahead. */
  size: number;
  /** Maximum of items that are started ahead at once: more than there are cores would only slow each other down. */
  starts: number;
  /** Maximum of items that are removed at once. */
  removals: number;
}

/** What an idle container costs the machine, rounded up: its shim, its shell, the engine's records. */
const bytesPerContainer = 64 * 1024 * 1024;

/**
 * Returns the limits that this machine can bear, shared among the workers of the run.
 *
 * `BELLJAR_POOL_SIZE` sets the pool's size in each worker; 0 starts nothing ahead. `BELLJAR_WORKERS`, which belljar's
 * global set-up sets, is the number of workers.
 *
 * @throws InvalidOptionError for a `BELLJAR_POOL_SIZE` that is not a whole number, 0 or more
 */
export function poolLimits(environment: NodeJS.ProcessEnv = process.env): PoolLimits {
  const cores = availableParallelism();
  const workers = Math.max(1, Number(environment.BELLJAR_WORKERS ?? 1));
  const byMemory = Math.floor(freemem() / 4 / bytesPerContainer);
  const share = Math.max(1, Math.floor(Math.min(cores * 3, byMemory) / workers));
  const atOnce = Math.max(1, Math.ceil(cores / workers));
  return {
    size: sizeFrom(environment.BELLJAR_POOL_SIZE) ?? share,
    starts: atOnce,
    removals: atOnce,
  };
}

function sizeFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0) {
    throw new InvalidOptionError('BELLJAR_POOL_SIZE', 'must be a whole number, 0 or more', text);
  }
  return size;
}
