import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parentOf } from '../path';
import { scanTree, type ScannedTree, type ScanOptions, type Tree, type TreeEntry } from '../tree';
import type { Inspected } from './engine-made';
import type { Manifest } from './manifest';

/**
 * The container's tree, from its overlay's upper directory laid over the image's manifest (Linux kernel documentation,
 * "Overlay Filesystem"). Undefined where there is no such directory on this machine that we can read whole.
 *
 * The host's GNU tar reads it, because Node.js can't read extended attributes.
 */
export async function scanUpperDirectory(
  inspected: Inspected,
  manifest: Manifest,
  options: ScanOptions,
): Promise<ScannedTree | undefined> {
  const directory = await readableUpperDirectory(inspected);
  if (directory === undefined) return undefined;
  const marks: Marks = { opaque: new Set(), foreign: false };
  const [scanned, sockets] = await Promise.all([
    scanWithTar(directory, { ...options, onXattrs: (path, names) => noteMarks(marks, path, names) }),
    findSockets(directory),
  ]);
  if (scanned === undefined || marks.foreign) return undefined;
  for (const [path, entry] of sockets) if (!options.exclude?.(path)) scanned.tree.set(path, entry);
  return { tree: layOver(manifest.tree, scanned.tree, marks.opaque), contents: scanned.contents };
}

/**
 * The id in the path is random, so that a directory of this name on this machine is the container's. Where user
 * namespaces shift owners, the root directory isn't root's, and the engine's export knows better.
 */
async function readableUpperDirectory({ GraphDriver }: Inspected): Promise<string | undefined> {
  const directory = GraphDriver?.Data?.['UpperDir'];
  if (GraphDriver?.Name !== 'overlay2' || directory === undefined || process.getuid?.() !== 0) return undefined;
  try {
    const stats = await lstat(directory);
    return stats.isDirectory() && stats.uid === 0 ? directory : undefined;
  } catch {
    return undefined;
  }
}

interface Marks {
  /** Directories that hide what the image has at their path. */
  opaque: Set<string>;
  /** Whether something refers to the image's files by other means than its path, which only the kernel resolves. */
  foreign: boolean;
}

function noteMarks(marks: Marks, path: string, xattrs: ReadonlyMap<string, Buffer>): void {
  if (xattrs.get('trusted.overlay.opaque')?.toString() === 'y') marks.opaque.add(path);
  if (xattrs.has('trusted.overlay.redirect') || xattrs.has('trusted.overlay.metacopy')) marks.foreign = true;
}

async function scanWithTar(directory: string, options: ScanOptions): Promise<ScannedTree | undefined> {
  const tar = spawn('tar', ['--xattrs', '--xattrs-include=*', '--format=pax', '-C', directory, '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', TAR_OPTIONS: '' },
  });
  // Listened for before anything is awaited; a tar that is missing or has no such options is no error here.
  const ended = once(tar, 'close').then(([code]) => code as number | null, () => null);
  try {
    const scanned = await scanTree(tar.stdout, options);
    // 1: some files changed while they were read, which a running container's do.
    return [0, 1].includes((await ended) ?? -1) ? scanned : undefined;
  } catch {
    tar.kill();
    await ended;
    return undefined;
  }
}

/** tar leaves sockets out. */
async function findSockets(directory: string): Promise<[string, TreeEntry][]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isSocket())
      .map(async (entry): Promise<[string, TreeEntry]> => {
        const path = join(entry.parentPath, entry.name);
        const { mode, uid, gid, mtimeMs } = await lstat(path);
        const mtime = Math.floor(mtimeMs / 1000);
        return [path.slice(directory.length), { type: 'socket', mode: mode & 0o7777, uid, gid, mtime }];
      }),
  );
}

/** What the container sees: the image's tree, less what is hidden, and what was touched in its place. */
function layOver(image: Tree, upper: Tree, opaque: ReadonlySet<string>): Tree {
  const hiding = new Set(opaque);
  for (const [path, entry] of upper) {
    if (isWhiteout(entry)) upper.delete(path);
    if (entry.type !== 'directory') hiding.add(path);
  }
  const tree: Tree = new Map();
  for (const [path, entry] of image) if (!upper.has(path) && !isHidden(path, hiding)) tree.set(path, entry);
  for (const [path, entry] of upper) tree.set(path, entry);
  return tree;
}

/** "A whiteout is created as a character device with 0/0 device number." */
function isWhiteout({ type, device }: TreeEntry): boolean {
  return type === 'character-device' && device === '0:0';
}

function isHidden(path: string, hiding: ReadonlySet<string>): boolean {
  for (let at = path; at !== '/'; at = parentOf(at)) if (hiding.has(at)) return true;
  return hiding.has('/');
}
