import { resolve } from 'node:path';
import type Docker from 'dockerode';
import { getArchive, statArchive } from '../archive';
import { extractTree, type ExtractOptions, type ExtractReport } from './extract';

/** Copies a file or a tree from the container to the host. */
export async function copyOut(
  container: Docker.Container,
  path: string,
  hostPath: string,
  options: ExtractOptions,
): Promise<ExtractReport> {
  const { linkTarget } = await statArchive(container, path, 'open');
  const archive = getArchive(container, linkTarget || path.replace(/(?<=.)\/+$/, ''), 'open');
  return extractTree(archive, resolve(hostPath), options);
}
