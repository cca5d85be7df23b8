import type { OptionChecks } from './check-options';
import { milliseconds } from './option-checks';

/** The options of a wait. */
export interface WaitOptions {
  /** How long to wait at most, in milliseconds. Default 4000: less than the 5000 that Jest allows a test. */
  timeout?: number;
}

export const waitChecks = { timeout: milliseconds } satisfies OptionChecks<WaitOptions>;

/** The default timeout of a wait, in milliseconds: under Jest's 5000, so that the wait's own error is seen. */
export const defaultTimeout = 4000;
