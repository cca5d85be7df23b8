import { isBox, type Box } from '../../box/box';
import { InvalidOptionError } from '../../support/errors';

/**
 * The container that a matcher was given.
 *
 * @throws InvalidOptionError for anything else, a promise of one too
 */
export function boxOf(received: unknown): Box {
  if (isBox(received)) return received;
  throw new InvalidOptionError(
    'The value given to expect()',
    'must be a container that belljar started: what useContainer() or startContainer() gave',
    received,
  );
}
