import type { IsolationReport } from '../isolation/evidence';
import { checkIsolationFrom, type ContainerIsolationOptions } from '../isolation/from-container';
import { checkIsolationFromHost, type HostIsolationOptions } from '../isolation/from-host';
import { InvalidOptionError } from '../support/errors';
import { isBox, type Box } from './box';

/** See `Box.isolation`: from this machine, or from another container where one is given. */
export async function checkIsolation(
  box: Box,
  first: Box | HostIsolationOptions = {},
  options?: ContainerIsolationOptions,
): Promise<IsolationReport> {
  if (isBox(first)) {
    checkNames(options ?? {}, ['network', 'allow']);
    return checkIsolationFrom(box, first, options);
  }
  if (typeof first !== 'object' || (first as unknown) === null) {
    throw new InvalidOptionError('The other container', 'must be one that belljar started', first);
  }
  checkNames(first, ['by', 'allow', 'since']);
  return checkIsolationFromHost(box, first);
}

/** What is neither a box nor options must not pass for options that leave all to the defaults. */
function checkNames(options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionError(name, `is not an option; there are ${known.join(', ')}`, value);
    }
  }
}
