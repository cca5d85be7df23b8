import type Docker from 'dockerode';
import { goMode, statArchive, type ArchiveStat } from '../archive';
import { FileError } from '../errors';
import { parentOf } from '../path';

/** Where a copy is unpacked. */
export interface Destination {
  /** A directory that exists. */
  base: string;
  /** Directories to make below it, outermost first. */
  missing: string[];
  /** The name of the copy below `base`; '' if a tree is merged into an existing directory. */
  name: string;
}

/** Finds the directory to unpack in, and the names below it, so that the copy is at `path`. */
export async function findDestination(
  container: Docker.Container,
  path: string,
  isTree: boolean,
): Promise<Destination> {
  const found = await statOrNothing(container, path);
  if (found === undefined) {
    const { base, rest } = await findDirectory(container, parentOf(path));
    const missing = rest.map((_, index) => rest.slice(0, index + 1).join('/'));
    return { base, missing, name: [...rest, nameOf(path)].join('/') };
  }
  if (isSymlink(found)) return findDestination(container, found.linkTarget, isTree);
  const kind = isDirectory(found) ? 'directory' : 'other';
  refuseOtherKind(kind, path, isTree);
  return destinationAt(kind, path);
}

/**
 * Refuses to copy a tree over something that is not a directory, or a file over a directory.
 *
 * @throws FileError
 */
export function refuseOtherKind(
  found: 'directory' | 'other' | 'nothing',
  path: string,
  isTree: boolean,
): void {
  if (isTree && found === 'other') throw new FileError('ENOTDIR', 'copyfile', path);
  if (!isTree && found === 'directory')
    throw new FileError('EISDIR', 'copyfile', path, 'the path must name the copy itself');
}

/** Returns the destination if everything that leads to a path exists. */
export function destinationAt(found: 'directory' | 'other' | 'nothing', path: string): Destination {
  if (found === 'directory') return { base: path, missing: [], name: '' };
  return { base: parentOf(path), missing: [], name: nameOf(path) };
}

/** Finds the innermost existing directory on a path, links resolved, and the missing names below it. */
async function findDirectory(
  container: Docker.Container,
  path: string,
): Promise<{ base: string; rest: string[] }> {
  const found = await statOrNothing(container, path);
  if (found === undefined) {
    const { base, rest } = await findDirectory(container, parentOf(path));
    return { base, rest: [...rest, nameOf(path)] };
  }
  if (isSymlink(found)) return findDirectory(container, found.linkTarget);
  if (isDirectory(found)) return { base: path, rest: [] };
  throw new FileError('ENOTDIR', 'copyfile', path);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function statOrNothing(container: Docker.Container, path: string): Promise<ArchiveStat | undefined> {
  try {
    return await statArchive(container, path, 'copyfile');
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isDirectory({ mode }: ArchiveStat): boolean {
  return mode >= goMode.directory;
}

function isSymlink({ mode }: ArchiveStat): boolean {
  return Math.floor(mode / goMode.symlink) % 2 === 1;
}
