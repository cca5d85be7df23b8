import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parentOf } from '../path';
import { layerDirectory, scanHostDirectory, type LayerDirectories } from '../host-tar';
import type { ScannedTree, ScanOptions, Tree, TreeEntry } from '../tree';
import type { Manifest } from './manifest-cache';
import { readUpperInReader, type UpperTree } from './upper-in-reader';

/** Reads what the upper directory holds; undefined if it can't be read whole. */
export type ReadUpper = (options: ScanOptions) => Promise<UpperTree | undefined>;

/** Reads the upper directory on this machine. */
export function upperOnHost(inspected: LayerDirectories): ReadUpper {
  return async (options) => {
    const directory = await layerDirectory(inspected, 'UpperDir');
    if (directory === undefined) return undefined;
    const [scanned, sockets] = await Promise.all([
      scanHostDirectory(directory, options),
      findSockets(directory),
    ]);
    return scanned && sockets && { scanned, sockets };
  };
}

/** Reads the upper directory in a layer reader. */
export function upperInReader({ GraphDriver }: LayerDirectories, imageId: string): ReadUpper {
  return async (options) => {
    const directory = GraphDriver?.Name?.startsWith('overlay') ? GraphDriver.Data?.UpperDir : undefined;
    return directory === undefined ? undefined : readUpperInReader(directory, imageId, options);
  };
}

/**
 * Returns the container's tree: its overlay's upper directory laid over the image's manifest (Linux kernel
 * documentation, "Overlay Filesystem"). Returns undefined if belljar can't read the directory whole.
 */
export async function scanUpperDirectory(
  read: ReadUpper,
  manifest: Manifest,
  options: ScanOptions,
): Promise<ScannedTree | undefined> {
  const overlay: OverlayFacts = { opaque: new Set(), foreign: false };
  const upper = await read({ ...options, onXattrs: (path, names) => addFacts(overlay, path, names) });
  if (upper === undefined || overlay.foreign) return undefined;
  const { scanned, sockets } = upper;
  for (const [path, entry] of sockets) if (!options.exclude?.(path)) scanned.tree.set(path, entry);
  return { tree: layOver(manifest.tree, scanned.tree, overlay.opaque), contents: scanned.contents };
}

/** The facts about the overlay that its extended attributes tell. */
interface OverlayFacts {
  /** Directories that hide what the image has at their path. */
  opaque: Set<string>;
  /** Whether a file refers to the image's files by other means than its path, which only the kernel resolves. */
  foreign: boolean;
}

function addFacts(overlay: OverlayFacts, path: string, xattrs: ReadonlyMap<string, Buffer>): void {
  if (xattrs.get('trusted.overlay.opaque')?.toString() === 'y') overlay.opaque.add(path);
  if (xattrs.has('trusted.overlay.redirect') || xattrs.has('trusted.overlay.metacopy'))
    overlay.foreign = true;
}

/** Finds the sockets, which tar leaves out. Returns undefined if a file disappears meanwhile. */
async function findSockets(directory: string): Promise<[string, TreeEntry][] | undefined> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isSocket())
      .map((entry) => join(entry.parentPath, entry.name));
    return await Promise.all(
      paths.map(async (path) => [path.slice(directory.length), await socketEntry(path)]),
    );
  } catch {
    return undefined;
  }
}

async function socketEntry(path: string): Promise<TreeEntry> {
  const { mode, uid, gid, mtimeMs } = await lstat(path);
  return { type: 'socket', mode: mode & 0o7777, uid, gid, mtime: Math.floor(mtimeMs / 1000) };
}

/** Returns what the container sees: the image's tree without its hidden files, and the touched files over it. */
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
