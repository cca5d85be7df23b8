import { resolve } from 'node:path';
import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import { getArchive, statArchive } from '../archive';
import { extractTree, type ExtractOptions, type ExtractReport } from './extract';

/** Copies a file or a tree from the container to the host. */
export async function copyOut(
  container: Docker.Container,
  path: string,
  hostPath: string,
  options: ExtractOptions,
): Promise<ExtractReport> {
  checkOptions(options);
  const { linkTarget } = await statArchive(container, path, 'open');
  const archive = await getArchive(container, linkTarget || path.replace(/(?<=.)\/+$/, ''), 'open');
  return extractTree(archive, resolve(hostPath), options);
}

function checkOptions({ maxBytes, maxEntries, unsafe }: ExtractOptions): void {
  for (const [name, value] of Object.entries({ maxBytes, maxEntries })) {
    if (value !== undefined && !(value >= 0))
      throw new InvalidOptionError(name, 'must be a number, 0 or more', value);
  }
  if (unsafe !== undefined && !['refuse', 'skip'].includes(unsafe)) {
    throw new InvalidOptionError('unsafe', "must be 'refuse' or 'skip'", unsafe);
  }
}
