import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { rootMember } from './archive';
import { entryOf, isEngineFile, scanTree, type ScannedTree, type ScanOptions } from './tree';

/** A container's whole tree, from the engine's export: what is mounted is not in it, and the container may be stopped. */
export async function scanExport(
  container: Docker.Container,
  options: Pick<ScanOptions, 'keep'> = {},
): Promise<ScannedTree> {
  const [root, scanned] = await Promise.all([
    rootMember(container),
    container
      .export()
      .then((exported) => scanTree(exported as Readable, { ...options, exclude: isEngineFile })),
  ]);
  scanned.tree.set('/', entryOf(root));
  return scanned;
}
