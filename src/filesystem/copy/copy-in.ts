import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { putArchive } from '../archive';
import { hiddenMountOf, hiddenMountsBelow, type HiddenMount, type Place } from '../mounts';
import { isWithin, trimmed } from '../path';
import type { Inside } from './copy-out';
import { destinationAt, findDestination, refuseOtherKind } from './destination';
import { prepareInside, refuseKernelFiles, unpackInside } from './inside';
import type { CopyInOptions, ExtractReport } from './options';
import { findIds } from './owner';
import { pack } from './pack';
import { listSource, type Source } from './source';

/** Copies a file or a tree from the host into the container, as one stream. */
export async function copyIn(
  container: Docker.Container,
  { commands, findPlace }: Inside,
  hostPath: string,
  path: string,
  options: CopyInOptions,
): Promise<ExtractReport> {
  const source = listSource(hostPath, options);
  const place = await findPlace(trimmed(path));
  const ownership = { ...(await findIds(container, options)), mode: options.mode };
  if (hiddenMounts(source, place, path).length === 0) {
    const destination = await findDestination(container, trimmed(path), source.isTree);
    const archive = Readable.from(pack(source, destination, ownership), { objectMode: false });
    await putArchive(container, destination.base, archive, 'copyfile');
  } else {
    const found = await prepareInside(commands, place.path);
    refuseOtherKind(found, path, source.isTree);
    const destination = destinationAt(found, place.path);
    const archive = Readable.from(pack(source, destination, ownership), { objectMode: false });
    await unpackInside(commands, destination.base, archive);
  }
  return report(source);
}

/**
 * Returns the mounts that something is copied to and that the engine does not show.
 *
 * @throws FileError for one that takes no copies
 */
function hiddenMounts(source: Source, place: Place, path: string): HiddenMount[] {
  const around = hiddenMountOf(place.path, place);
  const root = place.path === '/' ? '' : place.path;
  const below = hiddenMountsBelow(place).filter(({ point }) =>
    source.entries.some(({ name }) => name !== '' && isWithin(`${root}/${name}`, point)),
  );
  const all = around === undefined ? below : [around, ...below];
  for (const mount of all) refuseKernelFiles(mount, 'copyfile', path);
  return all;
}

function report({ entries, skipped }: Source): ExtractReport {
  const bytes = entries.reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0);
  return { entries: entries.length, bytes, skipped };
}
