import { InvalidOptionError } from '../support/errors';

/**
 * Refuses options that a wait does not have.
 *
 * @throws InvalidOptionError
 */
export function checkNames(options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionError(name, `is not an option; there are ${known.join(', ')}`, value);
    }
  }
}

/** @throws InvalidOptionError */
export function checkPort(port: unknown): void {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidOptionError('The port', 'must be a whole number from 1 to 65535', port);
  }
}
