import type { IsolationReport } from '../isolation/evidence';
import { checkIsolationFrom, type ContainerIsolationOptions } from '../isolation/from-container';
import { checkIsolationFromHost, type HostIsolationOptions } from '../isolation/from-host';
import { InvalidOptionError } from '../support/errors';
import { isBox, type Box } from './box';

/** See `Box.isolation`: from this machine, or from another container if one is named. */
export async function checkIsolation(
  box: Box,
  first: Box | HostIsolationOptions = {},
  options?: ContainerIsolationOptions,
): Promise<IsolationReport> {
  if (isBox(first)) return checkIsolationFrom(box, first, options);
  if (typeof first !== 'object' || (first as unknown) === null) {
    throw new InvalidOptionError('The other container', 'must be one that belljar started', first);
  }
  return checkIsolationFromHost(box, first);
}
