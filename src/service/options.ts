import { InvalidOptionError } from '../support/errors';
import { isWholeNumber } from '../support/options/option-checks';

/** @throws InvalidOptionError */
export function checkPort(port: unknown): void {
  if (!isWholeNumber(port, 1, 65_535)) {
    throw new InvalidOptionError('The port', 'must be a whole number from 1 to 65535', port);
  }
}
