import { BelljarError } from '../../support/errors';

/** Why a matcher has no answer. */
export type MatcherErrorCode =
  /** The matcher could not find out what it was asked. */
  'CANNOT_LOOK';

/** A matcher that could not find out what it was asked: it neither passes nor fails, with `.not` too. */
export class MatcherError extends BelljarError {
  /** What went wrong; {@link MatcherErrorCode} has the meaning of each code. */
  declare readonly code: MatcherErrorCode;

  /** @param message what could not be looked at, and why */
  constructor(message: string) {
    super('CANNOT_LOOK' satisfies MatcherErrorCode, message);
  }
}
