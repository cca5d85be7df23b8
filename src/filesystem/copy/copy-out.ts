import { resolve } from 'node:path';
import type Docker from 'dockerode';
import { getArchive, statArchive } from '../archive';
import { hiddenMountOf, hiddenMountsBelow, type FindPlace, type HiddenMount } from '../mounts';
import type { RootCommands } from '../shell';
import { extractTree } from './extract';
import { archiveInside, refuseKernelFiles } from './inside';
import { defaultMaxBytes, type ExtractOptions, type ExtractReport } from './options';

/** The ways into a running container that a copy needs if the engine's archives don't reach a mount. */
export interface Inside {
  commands: RootCommands;
  findPlace: FindPlace;
}

/** Copies a file or a tree from the container to the host. */
export async function copyOut(
  container: Docker.Container,
  { commands, findPlace }: Inside,
  path: string,
  hostPath: string,
  options: ExtractOptions,
): Promise<ExtractReport> {
  const place = await findPlace(path);
  const mount = hiddenMountOf(place.path, place);
  const below = place.path === '/' ? [] : hiddenMountsBelow(place);
  if (mount !== undefined) refuseKernelFiles(mount, 'open', path);
  if (mount !== undefined || below.length > 0) {
    const archive = await archiveInside(commands, place.path, options.maxBytes ?? defaultMaxBytes);
    return extractTree(archive, resolve(hostPath), options);
  }
  const skipped = place.path === '/' ? hiddenMountsBelow(place).map(leftOut) : [];
  const { linkTarget } = await statArchive(container, path, 'open');
  const archive = getArchive(container, linkTarget || path.replace(/(?<=.)\/+$/, ''), 'open');
  const report = await extractTree(archive, resolve(hostPath), options);
  return { ...report, skipped: [...report.skipped, ...skipped] };
}

function leftOut({ point, fileSystem }: HiddenMount): ExtractReport['skipped'][number] {
  return { path: point, reason: `it is a mount (${fileSystem}), which a copy of the root does not have` };
}
