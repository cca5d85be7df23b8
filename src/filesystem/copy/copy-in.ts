import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import { accountFiles, idOf, parseAccounts } from '../accounts';
import { goMode, putArchive, readArchived, statArchive, type ArchiveStat } from '../archive';
import { CopyError, FileError } from '../errors';
import { decodePath, parentOf, printablePath, trimmed } from '../path';
import type { OwnershipOptions } from '../read-write';
import { endOfArchive, tarHeader, tarPadding } from '../tar/write';
import { timeOfDay } from '../../support/time';

/** Copies a file or a tree from the host into the container, as one stream. */
export async function copyIn(
  container: Docker.Container,
  hostPath: string,
  path: string,
  options: OwnershipOptions,
): Promise<void> {
  const source = await stat(hostPath);
  await refuseSpecialFiles(Buffer.from(hostPath), source);
  const destination = await findDestination(container, trimmed(path), source.isDirectory());
  const ownership = { ...(await findIds(container, options)), mode: options.mode };
  const members = archiveOf(Buffer.from(hostPath), source, destination, ownership);
  await putArchive(container, destination.base, Readable.from(members, { objectMode: false }), 'copyfile');
}

interface Ownership {
  uid: number;
  gid: number;
  /** Of the file, or of every file in the tree. */
  mode: number | undefined;
}

async function findIds(
  container: Docker.Container,
  { owner, group }: OwnershipOptions,
): Promise<Omit<Ownership, 'mode'>> {
  const find = async (kind: 'users' | 'groups', account: string | number | undefined): Promise<number> => {
    if (account === undefined || account === 'root') return 0;
    if (typeof account === 'number' || /^\d+$/.test(account)) return Number(account);
    const text = (await readArchived(container, accountFiles[kind], 10_000_000)).toString();
    const id = idOf(parseAccounts(text, text)[kind], account);
    if (id === undefined) {
      const option = kind === 'users' ? 'owner' : 'group';
      throw new InvalidOptionError(
        option,
        `must be in the container's ${accountFiles[kind]}, or a numeric id`,
        account,
      );
    }
    return id;
  };
  return { uid: await find('users', owner), gid: await find('groups', group) };
}

interface Destination {
  /** A directory that exists. */
  base: string;
  /** Directories to make below it, outermost first. */
  missing: string[];
  /** The name of the copy below `base`; '' if a tree is merged into an existing directory. */
  name: string;
}

/** Finds the directory to unpack in, and the names below it, so that the copy is at `path`. */
async function findDestination(
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
  if (isTree && !isDirectory(found)) throw new FileError('ENOTDIR', 'copyfile', path);
  if (!isTree && isDirectory(found))
    throw new FileError('EISDIR', 'copyfile', path, 'the path must name the copy itself');
  if (isTree) return { base: path, missing: [], name: '' };
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

/** Checks everything on the host before anything is sent, so that a refusal leaves the container alone. */
async function refuseSpecialFiles(path: Buffer, stats: Stats): Promise<void> {
  if (stats.isDirectory()) {
    for await (const [child, childStats] of childrenOf(path)) await refuseSpecialFiles(child, childStats);
  } else if (!stats.isFile() && !stats.isSymbolicLink()) {
    const name = decodePath(path);
    const what = stats.isSocket() ? 'a socket' : stats.isFIFO() ? 'a fifo' : 'a device';
    throw new CopyError(
      'SPECIAL_FILE',
      `${printablePath(name)} is ${what}, which can't be copied into a container.`,
      name,
    );
  }
}

async function* childrenOf(directory: Buffer): AsyncGenerator<[Buffer, Stats]> {
  const names = await readdir(directory, { encoding: 'buffer' });
  for (const name of names.sort((a, b) => a.compare(b))) {
    const path = Buffer.concat([directory, Buffer.from('/'), name]);
    yield [path, await lstat(path)];
  }
}

async function* archiveOf(
  hostPath: Buffer,
  stats: Stats,
  { missing, name }: Destination,
  ownership: Ownership,
): AsyncGenerator<Buffer> {
  const mtime = Math.floor(timeOfDay() / 1000);
  for (const directory of missing) {
    yield tarHeader({ name: `${directory}/`, type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime });
  }
  yield* members(hostPath, stats, name, ownership);
  yield endOfArchive;
}

async function* members(
  path: Buffer,
  stats: Stats,
  name: string,
  ownership: Ownership,
): AsyncGenerator<Buffer> {
  const { uid, gid } = ownership;
  const common = { name, uid, gid, mode: stats.mode & 0o7777, mtime: stats.mtimeMs / 1000 };
  if (stats.isDirectory()) {
    if (name !== '') yield tarHeader({ ...common, name: `${name}/`, type: 'directory' });
    for await (const [child, childStats] of childrenOf(path)) {
      const childName = decodePath(child.subarray(path.length + 1));
      yield* members(child, childStats, name === '' ? childName : `${name}/${childName}`, ownership);
    }
  } else if (stats.isSymbolicLink()) {
    yield tarHeader({
      ...common,
      type: 'symlink',
      target: decodePath(await readlink(path, { encoding: 'buffer' })),
    });
  } else {
    yield tarHeader({ ...common, type: 'file', mode: ownership.mode ?? common.mode, size: stats.size });
    yield* contentOf(path, stats.size);
    yield tarPadding(stats.size);
  }
}

/** Yields as many bytes as the header has promised, even if the file grows meanwhile. */
async function* contentOf(path: Buffer, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return;
  let sent = 0;
  for await (const piece of createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 })) {
    sent += (piece as Buffer).length;
    yield piece as Buffer;
  }
  if (sent < size)
    throw new FileError('EIO', 'read', decodePath(path), 'it became shorter while it was copied');
}
