import { isBox, type Box } from '../../box/box';
import { InvalidOptionError } from '../../support/errors';

/**
 * Returns the container that a matcher was given.
 *
 * @throws InvalidOptionError for any other value, also for the promise of a container
 */
export function boxOf(received: unknown): Box {
  if (isBox(received)) return received;
  throw new InvalidOptionError(
    'The value given to expect()',
    'must be a container that belljar started: what useContainer() or startContainer() returned',
    received,
  );
}
