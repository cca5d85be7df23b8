import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { bufferOf } from '../../support/bytes';
import { timeOfDay } from '../../support/time';
import { accountFiles, parseAccounts } from '../accounts';
import { getArchive, goMode, putArchive, readArchived, statArchive } from '../archive';
import { findIds } from '../copy/owner';
import { FileError } from '../errors';
import type { FileInfo, StatOptions } from '../file-info';
import { hiddenMountOf, type FindPlace } from '../mounts';
import { byPath, parentOf, trimmed } from '../path';
import type { FileData, OwnershipOptions } from '../read-write';
import { readTar, type TarEntry } from '../tar/read';
import { endOfArchive, tarHeader, tarPadding, type TarHeader } from '../tar/write';
import { typeOfEntry } from '../tree';

/** A container whose files are read and written through the engine's archives. */
export interface ArchivedContainer {
  docker: Docker.Container;
  findPlace: FindPlace;
}

/** Reads the bytes of a regular file. */
export async function readByArchive(from: ArchivedContainer, path: string, limit: number): Promise<Buffer> {
  await refuseMounts(from, path, 'open');
  return readArchived(from.docker, path, limit);
}

/** Writes a file, or adds to it. */
export async function writeByArchive(
  from: ArchivedContainer,
  redirect: '>' | '>>',
  path: string,
  data: FileData,
  options: OwnershipOptions,
): Promise<void> {
  await refuseMounts(from, path, 'open');
  const target = (await linkTarget(from, path, 'open')) ?? path;
  const old = await existingFile(from, target, path);
  const before =
    redirect === '>>' && old !== newFile ? await readArchived(from.docker, target) : Buffer.alloc(0);
  const content = Buffer.concat([before, await bytesOf(data)]);
  const { uid = old.uid, gid = old.gid } = await findIds(from.docker, { keepOwners: true, ...options });
  const { mode = old.mode } = options;
  const archive = archiveOfFile({ name: basename(target), mode, uid, gid }, content);
  await putArchive(from.docker, parentOf(target), archive, 'open');
}

type FileOwnership = Pick<TarHeader, 'mode' | 'uid' | 'gid'>;

const newFile: FileOwnership = { mode: 0o644, uid: 0, gid: 0 };

/** Returns what an existing file keeps when it is written. */
async function existingFile(from: ArchivedContainer, target: string, path: string): Promise<FileOwnership> {
  const old = await orNothing(() => firstEntry(from, target, 'open'));
  if (old === undefined) return newFile;
  if (old.type === 'directory') throw new FileError('EISDIR', 'open', path);
  if (old.type !== 'file') throw new FileError('EINVAL', 'open', path, 'only a regular file can be written');
  return old;
}

function archiveOfFile(header: Pick<TarHeader, 'name' | 'mode' | 'uid' | 'gid'>, content: Buffer): Readable {
  const { length: size } = content;
  const block = tarHeader({ ...header, type: 'file', size, mtime: timeOfDay() / 1000 });
  return Readable.from([Buffer.concat([block, content, tarPadding(size), endOfArchive])], {
    objectMode: false,
  });
}

/** Returns facts about a file. */
export async function statByArchive(
  from: ArchivedContainer,
  path: string,
  { follow = true }: StatOptions,
): Promise<FileInfo> {
  const syscall = follow ? 'stat' : 'lstat';
  await refuseMounts(from, path, syscall);
  const target = follow ? await linkTarget(from, path, syscall) : undefined;
  return describe(from, await firstEntry(from, target ?? path, syscall));
}

/** Returns the names in a directory, sorted. The engine sends all that is below it. */
export async function listByArchive(from: ArchivedContainer, path: string): Promise<string[]> {
  await refuseMounts(from, path, 'scandir');
  const target = (await linkTarget(from, path, 'scandir')) ?? trimmed(path);
  const names = new Set<string>();
  let root: string | undefined;
  for await (const { name, type } of readTar(getArchive(from.docker, target, 'scandir'))) {
    if (root === undefined && type !== 'directory') throw new FileError('ENOTDIR', 'scandir', path);
    root ??= name.replace(/\/+$/, '');
    const [child = ''] = name.slice(root.length).replace(/^\/+/, '').split('/');
    if (child !== '') names.add(child);
  }
  return [...names].sort(byPath);
}

/** Returns whether a path leads to something. */
export async function existsByArchive(from: ArchivedContainer, path: string): Promise<boolean> {
  await refuseMounts(from, path, 'access');
  const target = (await linkTarget(from, path, 'access')) ?? path;
  return (await orNothing(() => statArchive(from.docker, target, 'access'))) !== undefined;
}

/** @throws FileError `ENOTSUP` for a mount that the engine's archives don't have */
async function refuseMounts({ findPlace }: ArchivedContainer, path: string, syscall: string): Promise<void> {
  const mount = hiddenMountOf(path, await findPlace(path));
  if (mount === undefined) return;
  const detail = `${mount.point} is a mount (${mount.fileSystem}) that only a shell in the container reaches, and it has none`;
  throw new FileError('ENOTSUP', syscall, path, detail);
}

/** Returns where a symbolic link leads to in the end; undefined for what is not a link. */
async function linkTarget(
  { docker }: ArchivedContainer,
  path: string,
  syscall: string,
): Promise<string | undefined> {
  const found = await orNothing(() => statArchive(docker, path, syscall));
  const isLink = found !== undefined && Math.floor(found.mode / goMode.symlink) % 2 === 1;
  return isLink ? found.linkTarget : undefined;
}

async function orNothing<Value>(act: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof FileError && ['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Returns the file itself: an archive begins with it. */
async function firstEntry({ docker }: ArchivedContainer, path: string, syscall: string): Promise<TarEntry> {
  for await (const entry of readTar(getArchive(docker, trimmed(path), syscall))) return entry;
  throw new FileError('ENOENT', syscall, path);
}

async function describe({ docker }: ArchivedContainer, entry: TarEntry): Promise<FileInfo> {
  const textOf = async (path: string): Promise<string> =>
    String((await orNothing(() => readArchived(docker, path))) ?? '');
  const accounts = parseAccounts(await textOf(accountFiles.users), await textOf(accountFiles.groups));
  const { mode, uid, gid, size, mtime, target } = entry;
  const type = typeOfEntry(entry.type);
  return {
    type,
    mode,
    uid,
    gid,
    owner: accounts.users.get(uid),
    group: accounts.groups.get(gid),
    size,
    // An archive of one file does not tell its other names.
    links: 1,
    mtime: new Date(mtime * 1000),
    target: type === 'symlink' ? target : undefined,
  };
}

async function bytesOf(data: FileData): Promise<Buffer> {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? bufferOf(data) : buffer(data);
}
