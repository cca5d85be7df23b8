import { InvalidOptionError } from './errors';

/** The options of a wait. */
export interface WaitOptions {
  /** How long to wait at most, in milliseconds. Default 4000: less than Jest gives a test. */
  timeout?: number;
}

/**
 * A wait's limit unless told, in milliseconds: under Jest's own 5000, so that the failure is seen rather than a
 * timeout.
 */
export const defaultTimeout = 4000;

/**
 * The limit of a wait in milliseconds.
 *
 * @throws InvalidOptionError
 */
export function timeoutOf({ timeout = defaultTimeout }: WaitOptions): number {
  if (typeof timeout !== 'number' || !Number.isFinite(timeout) || timeout < 0) {
    throw new InvalidOptionError('timeout', 'must be a number of milliseconds, 0 or more', timeout);
  }
  return timeout;
}
