import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { withRootLock } from '../engine/root-lock';
import { getArchive, statArchive } from './archive';
import { FileError } from './errors';
import { scanExport } from './export';
import { layerDirectory, scanHostDirectory, type LayerDirectories } from './host-tar';
import { hiddenMountOf, hiddenMountsBelow, type FindPlace, type Place } from './mounts';
import { byPath, encodePath, isPlain, trimmed } from './path';
import { isEngineFile, scanTree, type Tree } from './tree';

/**
 * Hashes the tree at a path. The whole tree of a running container is read from the mount of a local engine with
 * overlay2, in half the time of the engine's export. Everywhere else it comes from the export. Both leave out mounts
 * inside the container. A part of the tree comes from the archive API.
 *
 * @param options `only`: `export` reads not from the mount, for specs that compare both. `findPlace` finds mounts that
 * the engine does not show. Default: nothing is looked for
 * @throws FileError `ENOTSUP` for such a mount
 */
export async function fingerprintTree(
  container: Docker.Container,
  path: string,
  { only, findPlace }: { only?: 'export'; findPlace?: FindPlace } = {},
): Promise<string> {
  const root = trimmed(path);
  if (/^\/+$/.test(root)) return hashTree(await wholeTree(container, only));
  if (findPlace !== undefined) refuseHiddenMounts(await findPlace(root), path);
  const { linkTarget } = await statArchive(container, root, 'scandir');
  const real = linkTarget || root;
  const base = real.slice(0, real.lastIndexOf('/'));
  const { tree } = await scanTree(getArchive(container, real, 'scandir'), {
    exclude: (member) => isEngineFile(`${base}${member}`) && !isEngineFile(real),
  });
  return hashTree(relativeTo(tree, real.slice(base.length)));
}

/** Only the container's own tools see such a mount, and code under test may have replaced those. */
function refuseHiddenMounts(place: Place, path: string): void {
  const mount = hiddenMountOf(place.path, place) ?? hiddenMountsBelow(place)[0];
  if (mount === undefined) return;
  const detail = `${mount.point} is a mount (${mount.fileSystem}), which the engine does not show: copyOut() copies it by the container's own tar`;
  throw new FileError('ENOTSUP', 'scandir', path, detail);
}

async function wholeTree(container: Docker.Container, only: 'export' | undefined): Promise<Tree> {
  const inspected = (await container.inspect()) as LayerDirectories & { State: { Running: boolean } };
  const mounted = inspected.State.Running && only === undefined;
  const directory = mounted ? await layerDirectory(inspected, 'MergedDir') : undefined;
  const scanned =
    directory === undefined || !(await isMountPoint(directory))
      ? undefined
      : // Meanwhile the engine must not mount volumes there.
        await withRootLock(container.id, () => scanHostDirectory(directory, { exclude: isEngineFile }));
  return (scanned ?? (await scanExport(container))).tree;
}

/**
 * Whether a directory is a mount point. If the engine has its own mount namespace, as belljar's private engine has,
 * this process sees only the empty directory below the mount.
 */
async function isMountPoint(directory: string): Promise<boolean> {
  const [here, above] = await Promise.all([stat(directory), stat(dirname(directory))]);
  return here.dev !== above.dev;
}

/** Makes the root `/`, so that equal trees at different paths are equal. */
function relativeTo(tree: Tree, root: string): Tree {
  const cut = (path: string): string => path.slice(root.length) || '/';
  return new Map(
    [...tree].map(([path, entry]) => {
      return [
        cut(path),
        entry.linkedWith === undefined ? entry : { ...entry, linkedWith: entry.linkedWith.map(cut) },
      ];
    }),
  );
}

/** Hashes every field of every entry but the time, in the order of paths, each with its length. */
function hashTree(tree: Tree): string {
  const hash = createHash('sha256');
  let text = '';
  for (const path of [...tree.keys()].sort(byPath)) {
    const { type, mode, uid, gid, size, sha256, target, device, xattrs, linkedWith } = tree.get(path) ?? {};
    const fields = [
      path,
      type,
      mode,
      uid,
      gid,
      size,
      sha256,
      target,
      device,
      // The only extended attribute that the engine's archives have.
      xattrs?.['security.capability'],
      linkedWith?.join('\0'),
    ];
    for (const field of fields) text += withLength(field);
    // An update for every field would cost as much as the contents of all files.
    if (text.length < 1 << 16) continue;
    hash.update(encodePath(text));
    text = '';
  }
  hash.update(encodePath(text));
  return `sha256:${hash.digest('hex')}`;
}

function withLength(field: string | number | undefined): string {
  if (field === undefined) return '-:';
  const text = String(field);
  return `${isPlain(text) ? Buffer.byteLength(text) : encodePath(text).length}:${text}`;
}
