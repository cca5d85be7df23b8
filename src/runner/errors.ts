import { BelljarError } from '../support/errors';

/** What went wrong between belljar and the test runner. */
export type RunnerErrorCode =
  /** There is no test runner here that belljar knows: its fixtures and matchers work inside a test file only. */
  | 'NO_TEST_RUNNER'
  /** Tests left containers or networks in the engine; the message lists them. */
  | 'LEFT_BEHIND';

/** There is no test runner, or its tests left something in the engine. */
export class RunnerError extends BelljarError {
  /** What went wrong; {@link RunnerErrorCode} has the meaning of each code. */
  declare readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
