import type { OptionChecks } from './check-options';
import { milliseconds } from './option-checks';

/** The options of a wait. */
export interface WaitOptions {
  /** How long to wait at most, in milliseconds. Default 4000: less than Jest gives a test. */
  timeout?: number;
}

export const waitChecks = { timeout: milliseconds } satisfies OptionChecks<WaitOptions>;

/** A wait's limit unless told, in milliseconds: under Jest's own 5000, so that the failure is seen rather than a timeout. */
export const defaultTimeout = 4000;
