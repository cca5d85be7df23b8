import { BelljarError } from '../support/errors';

/** What went wrong between belljar and the test runner. */
export type RunnerErrorCode =
  /** belljar knows no test runner here: its fixtures and matchers work only inside a test file. */
  | 'NO_TEST_RUNNER'
  /** Tests leaked containers or networks; the message lists them. */
  | 'LEAKED';

/** There is no test runner, or tests leaked resources. */
export class RunnerError extends BelljarError {
  /** What went wrong; {@link RunnerErrorCode} has the meaning of each code. */
  declare readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
