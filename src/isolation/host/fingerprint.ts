import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync, type BigIntStats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { codeOf, InvalidOptionError, messageOf } from '../../support/errors';
import { listOfStrings, numberOf, trueOrFalse } from '../../support/options/option-checks';
import { formatBytes } from '../../support/size';
import { IsolationError } from '../errors';
import { hashFile } from './hash';

/** Options of a fingerprint: the files of the host that count, and how much may be read. */
export interface FingerprintOptions {
  /** Whether the content of files counts. belljar then reads each file whole, for its SHA-256. Default true. */
  content?: boolean;
  /** Absolute paths that are left out, with everything below them. Default: none. */
  ignore?: readonly string[];
  /** Maximum number of files, directories and links. Default 500,000. */
  maxEntries?: number;
  /** Maximum size of all files that are read for `content`, in bytes. Default 10 GB (10,000,000,000). */
  maxBytes?: number;
}

const checks = {
  content: trueOrFalse,
  ignore: listOfStrings,
  maxEntries: numberOf('entries'),
  maxBytes: numberOf('bytes'),
} satisfies OptionChecks<FingerprintOptions>;

/** The type of a path of the host. */
export type HostEntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character device'
  | 'block device'
  /** A directory on another file system than its parent. belljar does not enter it. */
  | 'mount'
  /** A requested path that does not exist. */
  | 'missing';

/** The recorded state of one path of the host. */
export interface HostEntry {
  type: HostEntryType;
  /** Permission bits, with set-user-id, set-group-id and sticky: `0o4755`. */
  mode: number;
  uid: number;
  gid: number;
  /** Size of a file, in bytes. */
  size?: number;
  /** SHA-256 of a file's content, if `content` was true: 64 hexadecimal digits. */
  sha256?: string;
  /** Target of a symlink. */
  target?: string;
  /**
   * The kernel's time of the last change to content or attributes, in nanoseconds since 1970. Reading does not count.
   * No program can set the time back (stat(2), `st_ctim`). The digest leaves it out. Directories that can be read
   * have none, because their entries say the same.
   */
  changedAt?: bigint;
}

/** A path that could not be read, with the error of the system call. */
export interface Unreadable {
  path: string;
  code: string;
  message: string;
}

/** The state of files of the host: types, permissions, owners, sizes, targets and contents. */
export interface HostFingerprint {
  /** SHA-256 over everything except times. Equal if names, types, modes, owners, sizes, targets and contents are. */
  readonly digest: string;
  readonly paths: readonly string[];
  readonly options: FingerprintOptions;
  /** The entries by absolute path. */
  readonly entries: ReadonlyMap<string, HostEntry>;
  /**
   * The paths that this user may not read. Of such a directory, belljar sees that a name in it was added or removed,
   * and no more. Of such a file, it sees everything but the content.
   */
  readonly unreadable: readonly Unreadable[];
}

interface Walk {
  maxEntries: number;
  ignored: Set<string>;
  entries: Map<string, HostEntry>;
  unreadable: Unreadable[];
}

/**
 * Takes the fingerprint of files and whole directories of this machine. It follows no symlinks, enters no other file
 * systems, and opens no devices or pipes.
 *
 * @param paths absolute paths; a path that does not exist is an entry of type `missing`
 * @throws InvalidOptionError for a relative path, or an empty list
 * @throws IsolationError `TOO_MUCH` beyond a limit
 */
export async function fingerprintHost(
  paths: string | readonly string[],
  options: FingerprintOptions = {},
): Promise<HostFingerprint> {
  const roots = checkPaths([paths].flat());
  checkOptions(options, checks);
  const { content = true, ignore = [], maxEntries = 500_000, maxBytes = 10e9 } = options;
  const ignored = new Set(ignore.map((path) => resolve(path)));
  const walk: Walk = { maxEntries, ignored, entries: new Map(), unreadable: [] };
  for (const root of roots) await walkFrom(root, walk);
  if (content) await hashAll(walk, maxBytes);
  const entries = new Map([...walk.entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  const unreadable = walk.unreadable.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    digest: digestOf(entries, unreadable),
    paths: roots,
    options: { ...options, content },
    entries,
    unreadable,
  };
}

function checkPaths(paths: readonly string[]): string[] {
  if (paths.length === 0) throw new InvalidOptionError('paths', 'must name at least one path', paths);
  for (const path of paths) {
    if (!isAbsolute(path))
      throw new InvalidOptionError('paths', 'must be absolute paths of this machine', path);
  }
  return [...new Set(paths.map((path) => resolve(path)))].sort();
}

async function walkFrom(root: string, walk: Walk): Promise<void> {
  const first = addEntry(root, walk, undefined);
  if (first === undefined) {
    if (!walk.unreadable.some(({ path }) => path === root)) walk.entries.set(root, missing);
    return;
  }
  const directories = first.isDirectory() ? [root] : [];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of await namesIn(directory, walk)) {
      const path = join(directory, name);
      const stats = addEntry(path, walk, first.dev);
      if (stats?.isDirectory() === true && stats.dev === first.dev) directories.push(path);
    }
  }
}

const missing: HostEntry = { type: 'missing', mode: 0, uid: 0, gid: 0 };

async function namesIn(directory: string, walk: Walk): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    addUnreadable(directory, error, walk);
    const entry = walk.entries.get(directory);
    // Its names can't be listed. But the kernel notes when one comes or goes.
    if (entry !== undefined) entry.changedAt = lstatSync(directory, { bigint: true }).ctimeNs;
    return [];
  }
}

/** Adds a path's entry and returns its state. Synchronous, because a promise costs more than the system call. */
function addEntry(path: string, walk: Walk, device: bigint | undefined): BigIntStats | undefined {
  if (walk.ignored.has(path)) return undefined;
  try {
    const stats = lstatSync(path, { bigint: true });
    if (walk.entries.size >= walk.maxEntries) throw tooMany(walk.maxEntries);
    const entry = entryOf(stats, device);
    walk.entries.set(path, entry);
    if (entry.type === 'symlink') entry.target = readlinkSync(path);
    return stats;
  } catch (error) {
    if (error instanceof IsolationError) throw error;
    addUnreadable(path, error, walk);
    return undefined;
  }
}

function entryOf(stats: BigIntStats, device: bigint | undefined): HostEntry {
  const isElsewhere = device !== undefined && stats.dev !== device;
  const type = stats.isDirectory() && isElsewhere ? 'mount' : typeOf(stats);
  return {
    type,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    ...(type === 'file' ? { size: Number(stats.size) } : {}),
    ...(type === 'directory' || type === 'mount' ? {} : { changedAt: stats.ctimeNs }),
  };
}

function typeOf(stats: BigIntStats): HostEntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block device' : 'character device';
}

/** A path that vanished after it was listed does not exist, which is a result and not a failure. */
function addUnreadable(path: string, error: unknown, walk: Walk): void {
  const code = codeOf(error) ?? 'UNKNOWN';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    walk.entries.delete(path);
    return;
  }
  walk.unreadable.push({ path, code, message: messageOf(error) });
}

/** Hashes all files, eight at a time. */
async function hashAll(walk: Walk, maxBytes: number): Promise<void> {
  const files = [...walk.entries].filter(([, { type }]) => type === 'file');
  const bytes = files.reduce((sum, [, { size = 0 }]) => sum + size, 0);
  if (bytes > maxBytes) throw tooMuch(bytes, maxBytes);
  const hashNext = async (): Promise<void> => {
    for (let next = files.pop(); next !== undefined; next = files.pop()) {
      const [path, entry] = next;
      try {
        entry.sha256 = await hashFile(path);
      } catch (error) {
        addUnreadable(path, error, walk);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, hashNext));
}

function digestOf(entries: ReadonlyMap<string, HostEntry>, unreadable: readonly Unreadable[]): string {
  const hash = createHash('sha256');
  for (const [path, { type, mode, uid, gid, size, sha256, target }] of entries) {
    hash.update(`${JSON.stringify([path, type, mode, uid, gid, size, sha256, target])}\n`);
  }
  for (const { path, code } of unreadable) hash.update(`${JSON.stringify([path, 'unreadable', code])}\n`);
  return hash.digest('hex');
}

function tooMany(limit: number): IsolationError {
  return new IsolationError(
    'TOO_MUCH',
    `There are more than ${limit} files: name fewer paths, or raise maxEntries.`,
  );
}

function tooMuch(bytes: number, limit: number): IsolationError {
  return new IsolationError(
    'TOO_MUCH',
    `The files have ${formatBytes(bytes)}, more than ${formatBytes(limit)}: name fewer paths, raise maxBytes, or leave contents out with { content: false }.`,
  );
}
