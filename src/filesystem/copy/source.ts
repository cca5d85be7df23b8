import { lstatSync, readdirSync, statSync, type Stats } from 'node:fs';
import dockerignore from '@balena/dockerignore';
import { CopyError } from '../errors';
import { decodePath, printablePath } from '../path';
import type { CopyInOptions } from './options';

/** A file of the host that is to be copied. */
export interface SourceEntry {
  /** Its path on the host, whose names are bytes. */
  path: Buffer;
  /** Its name below the root of the copy; '' is the root. */
  name: string;
  stats: Stats;
}

/** All that is to be copied: the root first, each directory before what is in it. */
export interface Source {
  isTree: boolean;
  entries: SourceEntry[];
  /** What is left out, and why. */
  skipped: { path: string; reason: string }[];
}

/**
 * Lists a file or a tree of the host, sorted by names as bytes. Everything is looked at before anything is sent, so
 * that a refusal leaves the container alone. Synchronous, because a promise costs more than the system call.
 *
 * @throws CopyError `SPECIAL_FILE`, unless it is to be skipped
 */
export function listSource(hostPath: string, { ignore = [], special = 'refuse' }: CopyInOptions): Source {
  const root = { path: Buffer.from(hostPath), name: '', stats: statSync(hostPath) };
  const source: Source = { isTree: root.stats.isDirectory(), entries: [], skipped: [] };
  const patterns = [ignore].flat();
  const ignored = dockerignore({ ignorecase: false }).add([...patterns]);
  const hasExceptions = patterns.some((pattern) => pattern.startsWith('!'));
  const add = (entry: SourceEntry): void => {
    const what = specialType(entry.stats);
    if (what !== undefined) {
      leaveOut(source, entry, what, special);
      return;
    }
    const isIgnored = patterns.length > 0 && entry.name !== '' && ignored.ignores(entry.name);
    // As `docker build` does, a directory that is ignored is made if something in it is not.
    if (!isIgnored) source.entries.push(entry);
    if (!entry.stats.isDirectory() || (isIgnored && !hasExceptions)) return;
    const names = readdirSync(entry.path, { encoding: 'buffer' }).sort((a, b) => a.compare(b));
    for (const name of names) {
      const path = Buffer.concat([entry.path, slash, name]);
      const below = decodePath(name);
      add({ path, name: entry.name === '' ? below : `${entry.name}/${below}`, stats: lstatSync(path) });
    }
  };
  add(root);
  if (hasExceptions) addParents(source, root);
  return source;
}

const slash = Buffer.from('/');

function specialType(stats: Stats): string | undefined {
  if (stats.isDirectory() || stats.isFile() || stats.isSymbolicLink()) return undefined;
  return stats.isSocket() ? 'a socket' : stats.isFIFO() ? 'a fifo' : 'a device';
}

function leaveOut(source: Source, { path }: SourceEntry, what: string, special: 'refuse' | 'skip'): void {
  const name = decodePath(path);
  if (special === 'skip') {
    source.skipped.push({ path: name, reason: `it is ${what}` });
    return;
  }
  throw new CopyError(
    'SPECIAL_FILE',
    `${printablePath(name)} is ${what}, which can't be copied into a container. { special: 'skip' } leaves it out.`,
    name,
  );
}

/** Adds the directories that are ignored, but hold something that is not. */
function addParents(source: Source, root: SourceEntry): void {
  const names = new Set(source.entries.map(({ name }) => name));
  source.entries = source.entries.flatMap((entry) => {
    const parents: SourceEntry[] = [];
    for (let end = entry.name.indexOf('/'); end >= 0; end = entry.name.indexOf('/', end + 1)) {
      const name = entry.name.slice(0, end);
      if (names.has(name)) continue;
      names.add(name);
      const depth = name.split('/').length;
      const path = ancestor(entry.path, entry.name.split('/').length - depth);
      parents.push({ path, name, stats: path.equals(root.path) ? root.stats : lstatSync(path) });
    }
    return [...parents, entry];
  });
}

function ancestor(path: Buffer, levels: number): Buffer {
  let at = path;
  for (let level = 0; level < levels; level += 1) at = at.subarray(0, at.lastIndexOf('/'));
  return at;
}
