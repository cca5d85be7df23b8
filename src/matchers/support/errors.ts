import { BelljarError } from '../../support/errors';

/** Why a matcher neither passes nor fails. */
export type MatcherErrorCode =
  /** The matcher could not check its value. */
  'CANNOT_LOOK';

/** A matcher could not check its value. It neither passes nor fails, with or without `.not`. */
export class MatcherError extends BelljarError {
  /** What went wrong; {@link MatcherErrorCode} has the meaning of each code. */
  declare readonly code: MatcherErrorCode;

  /** @param message what could not be checked, and why */
  constructor(message: string) {
    super('CANNOT_LOOK' satisfies MatcherErrorCode, message);
  }
}
