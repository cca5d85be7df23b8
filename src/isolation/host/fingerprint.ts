import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync, type BigIntStats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { codeOf, InvalidOptionError, messageOf } from '../../support/errors';
import { formatBytes } from '../../support/size';
import { IsolationError } from '../errors';
import { hashFile } from './hash';

export interface FingerprintOptions {
  /** Whether what is in files counts: their SHA-256 is taken, which reads them whole. Default true. */
  content?: boolean;
  /** Absolute paths that are left out, with all below them. Default: none. */
  ignore?: readonly string[];
  /** The most files, directories and links that are looked at. Default 500,000. */
  maxEntries?: number;
  /** The most bytes of files that are read, with `content`. Default 10 GB. */
  maxBytes?: number;
}

export type HostEntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character device'
  | 'block device'
  /** A directory on another file system than its parent. It is not entered. */
  | 'mount'
  /** A path that was asked for and isn't there. */
  | 'missing';

/** What is known of one path of the host. */
export interface HostEntry {
  type: HostEntryType;
  /** Permission bits, with set-user-id, set-group-id and sticky: `0o4755`. */
  mode: number;
  uid: number;
  gid: number;
  /** Of a file, in bytes. */
  size?: number;
  /** Of a file's content, where `content` was asked for. */
  sha256?: string;
  /** Of a symlink. */
  target?: string;
  /**
   * When anything about it last changed but its being read, in nanoseconds since 1970. The kernel sets it and no
   * program can set it back (stat(2), `st_ctim`). No part of the digest. Not kept of directories: their entries say the
   * same.
   */
  changedAt?: bigint;
}

/** Something that could not be read. */
export interface Unreadable {
  path: string;
  code: string;
  message: string;
}

/** What files of the host are, and what is in them. */
export interface HostFingerprint {
  /**
   * SHA-256 over everything but times: equal exactly where names, types, modes, owners, sizes, targets and contents
   * are.
   */
  readonly digest: string;
  readonly paths: readonly string[];
  readonly options: FingerprintOptions;
  /** By absolute path. */
  readonly entries: ReadonlyMap<string, HostEntry>;
  /** What this user may not read. A comparison with anything unreadable never says "unchanged". */
  readonly unreadable: readonly Unreadable[];
}

const defaults = { content: true, ignore: [] as readonly string[], maxEntries: 500_000, maxBytes: 10e9 };

interface Walk {
  options: typeof defaults;
  ignored: Set<string>;
  entries: Map<string, HostEntry>;
  unreadable: Unreadable[];
}

/**
 * The fingerprint of files and whole directories of this machine. Symlinks are not followed, other file systems not
 * entered, devices and pipes not opened.
 *
 * @param paths absolute paths; one that isn't there is an entry of type `missing`
 * @throws InvalidOptionError for a relative path, or none
 * @throws IsolationError `TOO_MUCH` beyond a limit
 */
export async function fingerprintHost(
  paths: string | readonly string[],
  options: FingerprintOptions = {},
): Promise<HostFingerprint> {
  const roots = checkPaths([paths].flat());
  const settings = { ...defaults, ...options };
  const ignored = new Set(settings.ignore.map((path) => resolve(path)));
  const walk: Walk = { options: settings, ignored, entries: new Map(), unreadable: [] };
  for (const root of roots) await walkFrom(root, walk);
  if (settings.content) await hashAll(walk);
  const entries = new Map([...walk.entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  const unreadable = walk.unreadable.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    digest: digestOf(entries, unreadable),
    paths: roots,
    options: { ...options, content: settings.content },
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
  const first = note(root, walk, undefined);
  if (first === undefined) {
    if (!walk.unreadable.some(({ path }) => path === root)) walk.entries.set(root, missing);
    return;
  }
  const directories = first.isDirectory() ? [root] : [];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of await namesIn(directory, walk)) {
      const path = join(directory, name);
      const stats = note(path, walk, first.dev);
      if (stats?.isDirectory() === true && stats.dev === first.dev) directories.push(path);
    }
  }
}

const missing: HostEntry = { type: 'missing', mode: 0, uid: 0, gid: 0 };

async function namesIn(directory: string, walk: Walk): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    noteUnreadable(directory, error, walk);
    return [];
  }
}

/**
 * Enters what a path is; gives its state where it has been entered. Each costs microseconds: a promise would cost more.
 */
function note(path: string, walk: Walk, device: bigint | undefined): BigIntStats | undefined {
  if (walk.ignored.has(path)) return undefined;
  try {
    const stats = lstatSync(path, { bigint: true });
    if (walk.entries.size >= walk.options.maxEntries) throw tooMany(walk.options.maxEntries);
    const entry = entryOf(stats, device);
    walk.entries.set(path, entry);
    if (entry.type === 'symlink') entry.target = readlinkSync(path);
    return stats;
  } catch (error) {
    if (error instanceof IsolationError) throw error;
    noteUnreadable(path, error, walk);
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

/** What vanished between being listed and being looked at isn't there: that is an answer. */
function noteUnreadable(path: string, error: unknown, walk: Walk): void {
  const code = codeOf(error) ?? 'UNKNOWN';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    walk.entries.delete(path);
    return;
  }
  walk.unreadable.push({ path, code, message: messageOf(error) });
}

/** Reads files, a few at a time. */
async function hashAll(walk: Walk): Promise<void> {
  const files = [...walk.entries].filter(([, { type }]) => type === 'file');
  const bytes = files.reduce((sum, [, { size = 0 }]) => sum + size, 0);
  if (bytes > walk.options.maxBytes) throw tooMuch(bytes, walk.options.maxBytes);
  const hashNext = async (): Promise<void> => {
    for (let next = files.pop(); next !== undefined; next = files.pop()) {
      const [path, entry] = next;
      try {
        entry.sha256 = await hashFile(path);
      } catch (error) {
        noteUnreadable(path, error, walk);
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
    `There are more than ${limit} files: name fewer, or raise maxEntries.`,
  );
}

function tooMuch(bytes: number, limit: number): IsolationError {
  return new IsolationError(
    'TOO_MUCH',
    `The files have ${formatBytes(bytes)}, more than ${formatBytes(limit)}: name fewer, raise maxBytes, or leave contents out with { content: false }.`,
  );
}
