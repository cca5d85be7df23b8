import { BelljarError } from '../../support/errors';

/**
 * A matcher that could not find out what it was asked: it neither passes nor fails, with `.not` too. `code` is
 * `CANNOT_LOOK`.
 */
export class MatcherError extends BelljarError {
  /** @param message what could not be looked at, and why */
  constructor(message: string) {
    super('CANNOT_LOOK', message);
  }
}
