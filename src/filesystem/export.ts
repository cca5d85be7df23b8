import type Docker from 'dockerode';
import { withRootLock } from '../engine/root-lock';
import { rootMember } from './archive';
import { entryOf, isEngineFile, scanTree, type ScannedTree, type ScanOptions } from './tree';

/** Reads a container's whole tree from the engine's export. Mounts are not in it, and the container may be stopped. */
export async function scanExport(
  container: Docker.Container,
  options: Pick<ScanOptions, 'keep'> = {},
): Promise<ScannedTree> {
  const root = await rootMember(container);
  const scanned = await withRootLock(container.id, async () =>
    scanTree(await exportOf(container), { ...options, exclude: isEngineFile }),
  );
  scanned.tree.set('/', entryOf(root));
  return scanned;
}

/** dockerode returns a stream of Node.js, but its type can't be iterated. */
async function exportOf(container: Docker.Container): Promise<AsyncIterable<Uint8Array>> {
  return (await container.export()) as unknown as AsyncIterable<Uint8Array>;
}
