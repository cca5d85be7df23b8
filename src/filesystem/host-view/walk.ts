import { closeSync, fstatSync, readlinkSync, type Stats } from 'node:fs';
import { codeOf } from '../../support/errors';
import type { FileErrorCode } from '../errors';
import { childOf, openAt } from './descriptors';

/** What a path leads to. */
export type ResolvedPath =
  /** The path leads to a file. */
  | { file: number; stats: Stats; target: Buffer | undefined }
  /** Nothing has the last name. */
  | { file: undefined; directory: number; name: Buffer };

/** As many symbolic links as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/** Not files of the container, but the kernel's view for the reading process, which has to be in the container. */
const kernelDirectories = new Set(['proc', 'sys', 'dev']);

/**
 * Walks along a path below a root directory, name by name, each held open before the next. Links are read and followed
 * here, never by the kernel, so that none leads out of the root, however quickly the container changes them.
 *
 * @param use receives what the path leads to; its descriptors are closed afterwards
 * @returns undefined for what is in /proc, /sys and /dev
 * @throws an error with `code` `ENOENT`, `ENOTDIR`, `ELOOP` or another of open(2)
 */
export function walk<Value>(
  root: number,
  path: Buffer,
  { follow }: { follow: boolean },
  use: (place: ResolvedPath) => Value,
): Value | undefined {
  const opened: number[] = [];
  try {
    const place = resolvePath(root, path, follow, (parent, name) => {
      const file = openAt(childOf(parent, name));
      opened.push(file);
      return file;
    });
    return place && use(place);
  } finally {
    opened.forEach((file) => closeSync(file));
  }
}

type Open = (directory: number, name: Buffer) => number;

/** How far a walk has come. */
interface WalkState {
  /** The directories that were passed, from the root on. */
  directories: number[];
  /** What is still to come. */
  names: Buffer[];
  /** Whether the last name has to be a directory. */
  endsAsDirectory: boolean;
  /** How many links were followed. */
  links: number;
}

function resolvePath(root: number, path: Buffer, follow: boolean, open: Open): ResolvedPath | undefined {
  const endsAsDirectory = isWrittenAsDirectory(path);
  const state: WalkState = { directories: [root], names: namesOf(path), endsAsDirectory, links: 0 };
  for (let name = state.names.shift(); name !== undefined; name = state.names.shift()) {
    if (name.equals(parentName)) {
      goUp(state);
      continue;
    }
    if (state.directories.length === 1 && kernelDirectories.has(name.toString('latin1'))) return undefined;
    const isEnd = state.names.length === 0 && !state.endsAsDirectory;
    const place = look(lastOf(state), name, isEnd, open);
    if (place.file === undefined) return place;
    if (place.target !== undefined && (follow || !isEnd)) followLink(state, place.target);
    else if (place.stats.isDirectory()) state.directories.push(place.file);
    else if (isEnd) return place;
    else throw problem('ENOTDIR');
  }
  const file = lastOf(state);
  return { file, stats: fstatSync(file), target: undefined };
}

function look(directory: number, name: Buffer, mayBeMissing: boolean, open: Open): ResolvedPath {
  try {
    return lookUntilStill(directory, name, open);
  } catch (error) {
    if (mayBeMissing && codeOf(error) === 'ENOENT') return { file: undefined, directory, name };
    throw error;
  }
}

/** How often a walk looks at one name that the container changes in the meantime. */
const maxLooks = 100;

/**
 * Node.js can read a link only by its name, not by its descriptor (readlinkat(2) with an empty path). By then the name
 * may stand for something else that is not a link (readlink(2): EINVAL), so it is looked at again.
 */
function lookUntilStill(directory: number, name: Buffer, open: Open): ResolvedPath {
  for (let looks = 1; ; looks += 1) {
    const file = open(directory, name);
    const stats = fstatSync(file);
    if (!stats.isSymbolicLink()) return { file, stats, target: undefined };
    try {
      return { file, stats, target: readlinkSync(childOf(directory, name), 'buffer') };
    } catch (error) {
      if (codeOf(error) !== 'EINVAL' || looks === maxLooks) throw error;
    }
  }
}

function followLink(state: WalkState, target: Buffer): void {
  state.links += 1;
  if (state.links > maxLinks) throw problem('ELOOP');
  if (state.names.length === 0) state.endsAsDirectory ||= isWrittenAsDirectory(target);
  if (target[0] === slash) state.directories.length = 1;
  state.names.unshift(...namesOf(target));
}

/** The root is its own parent. */
function goUp({ directories }: WalkState): void {
  if (directories.length > 1) directories.pop();
}

function lastOf({ directories }: WalkState): number {
  const last = directories.at(-1);
  if (last === undefined) throw new Error('A walk never leaves its root.');
  return last;
}

const slash = 0x2f;
const parentName = Buffer.from('..');

/** Returns the names on a path, without those that lead nowhere. */
function namesOf(path: Buffer): Buffer[] {
  return path
    .toString('latin1')
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .map((name) => Buffer.from(name, 'latin1'));
}

/** Whether a path is written as `/x/` or `/x/.`, which are directories or nothing. */
function isWrittenAsDirectory(path: Buffer): boolean {
  return /\/\.?$/.test(path.toString('latin1'));
}

/** Makes an error such as the kernel's. */
export function problem(code: FileErrorCode): Error {
  return Object.assign(new Error(code), { code });
}
