import {
  closeSync,
  constants,
  fchmodSync,
  openSync,
  readdirSync,
  readFile,
  readFileSync,
  writeFile,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { codeOf } from '../../support/errors';
import { parseAccounts, accountFiles } from '../accounts';
import { FileError, isFileErrorCode } from '../errors';
import { typeOf, type FileInfo, type StatOptions } from '../file-info';
import { byPath, decodePath, encodePath } from '../path';
import { readLimits, tooLargeDetail, type FileData, type OwnershipOptions } from '../read-write';
import { childOf, pathOf } from './descriptors';
import type { RootView } from './root-view';
import { problem, walk, type ResolvedPath } from './walk';

/*
 * Operations on a container's files from the host. Each returns undefined, or false for a write, for what it leaves to
 * commands in the container.
 */

/** The most bytes that are read or written synchronously. More would hold up Node.js's event loop. */
const smallSize = 64 * 1024;

/** Reads the bytes of a regular file. */
export async function readFromHost(
  view: RootView,
  path: string,
  limit: number = readLimits.buffer,
): Promise<Buffer | undefined> {
  const opened = await at(view, path, 'open', (place) => {
    const { file, stats } = regularFile(place, path, 'only a regular file can be read whole');
    if (stats.size > limit) throw new FileError('EFBIG', 'open', path, tooLargeDetail(limit));
    return { descriptor: openSync(pathOf(file), constants.O_RDONLY), isSmall: stats.size <= smallSize };
  });
  if (opened === undefined) return undefined;
  const { descriptor, isSmall } = opened;
  return closing(descriptor, path, () =>
    isSmall ? readFileSync(descriptor) : promisify(readFile)(descriptor),
  );
}

/** Writes a file, or adds to it. A stream, and a change of the owner, are left to commands. */
export async function writeFromHost(
  view: RootView,
  redirect: '>' | '>>',
  path: string,
  data: FileData,
  { mode, owner, group }: OwnershipOptions,
): Promise<boolean> {
  const isPlain = owner === undefined && group === undefined;
  if (!isPlain || !(typeof data === 'string' || ArrayBuffer.isView(data))) return false;
  const descriptor = await at(view, path, 'open', (place) => openToWrite(place, path, redirect));
  if (descriptor === undefined) return false;
  await closing(descriptor, path, async () => {
    if (data.length <= smallSize) writeFileSync(descriptor, data);
    else await promisify(writeFile)(descriptor, data);
    if (mode !== undefined) fchmodSync(descriptor, mode);
  });
  return true;
}

function openToWrite(place: ResolvedPath, path: string, redirect: '>' | '>>'): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_TRUNC } = constants;
  if (place.file !== undefined) {
    const { file } = regularFile(place, path, 'only a regular file can be written');
    return openSync(pathOf(file), O_WRONLY | (redirect === '>>' ? O_APPEND : O_TRUNC));
  }
  const descriptor = openSync(childOf(place.directory, place.name), O_WRONLY | O_CREAT | O_EXCL);
  // Whatever this process's umask is.
  fchmodSync(descriptor, 0o644);
  return descriptor;
}

/** Returns facts about a file. */
export async function statFromHost(
  view: RootView,
  path: string,
  { follow = true }: StatOptions,
): Promise<FileInfo | undefined> {
  return view.use((root) =>
    asFileError(path, follow ? 'stat' : 'lstat', () => {
      const found = walk(root, encodePath(path), { follow }, (place) => {
        if (place.file === undefined) throw problem('ENOENT');
        return { stats: place.stats, target: place.target };
      });
      return found && describe(root, found);
    }),
  );
}

/** Returns the names in a directory, sorted. */
export async function listFromHost(view: RootView, path: string): Promise<string[] | undefined> {
  return at(view, path, 'scandir', (place) => {
    if (place.file === undefined) throw problem('ENOENT');
    if (!place.stats.isDirectory()) throw problem('ENOTDIR');
    const names = readdirSync(pathOf(place.file), { encoding: 'buffer' });
    return names.map(decodePath).sort(byPath);
  });
}

/** Whether a path leads to something. */
export async function existsFromHost(view: RootView, path: string): Promise<boolean | undefined> {
  try {
    return await at(view, path, 'access', (place) => place.file !== undefined);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

function at<Value>(
  view: RootView,
  path: string,
  syscall: string,
  use: (place: ResolvedPath) => Value,
): Promise<Value | undefined> {
  return view.use((root) =>
    asFileError(path, syscall, () => walk(root, encodePath(path), { follow: true }, use)),
  );
}

function regularFile(place: ResolvedPath, path: string, detail: string): { file: number; stats: Stats } {
  if (place.file === undefined) throw problem('ENOENT');
  if (place.stats.isDirectory()) throw problem('EISDIR');
  if (!place.stats.isFile()) throw new FileError('EINVAL', 'open', path, detail);
  return place;
}

async function closing<Value>(
  descriptor: number,
  path: string,
  use: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await use();
  } catch (error) {
    throw fileError(error, 'open', path);
  } finally {
    closeSync(descriptor);
  }
}

function asFileError<Value>(path: string, syscall: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw fileError(error, syscall, path);
  }
}

function fileError(error: unknown, syscall: string, path: string): unknown {
  if (error instanceof FileError) return error;
  const code = codeOf(error);
  return isFileErrorCode(code) ? new FileError(code, syscall, path, undefined, { cause: error }) : error;
}

function describe(root: number, { stats, target }: { stats: Stats; target: Buffer | undefined }): FileInfo {
  const { users, groups } = parseAccounts(
    textOf(root, accountFiles.users),
    textOf(root, accountFiles.groups),
  );
  const { mode, uid, gid, size, nlink, mtimeMs } = stats;
  return {
    type: typeOf(mode),
    mode: mode & 0o7777,
    uid,
    gid,
    owner: users.get(uid),
    group: groups.get(gid),
    size,
    links: nlink,
    mtime: new Date(Math.floor(mtimeMs / 1000) * 1000),
    target: target && decodePath(target),
  };
}

/** Reads a file of the container; '' if it has no such file. */
function textOf(root: number, path: string): string {
  const text = walk(root, Buffer.from(path), { follow: true }, (place) =>
    place.file !== undefined && place.stats.isFile() ? readFileSync(pathOf(place.file), 'utf8') : '',
  );
  return text ?? '';
}
