import { createHash, hash } from 'node:crypto';
import type { FileType } from './file-info';
import { byPath } from './path';
import { readTar, type TarEntry } from './tar/read';

/** A file in a tree, with all that can differ except its path. */
export interface TreeEntry {
  type: FileType;
  /** Permission bits, with set-user-id, set-group-id and sticky. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970, whole numbers: archives have no others. */
  mtime: number;
  /** For a regular file: its size in bytes. */
  size?: number;
  /** For a regular file: the hash of its content, in hexadecimal digits. */
  sha256?: string;
  /** For a symbolic link: its target. */
  target?: string;
  /** For a device: `major:minor`. */
  device?: string;
  /** Extended attributes, in hexadecimal digits by name. */
  xattrs?: Record<string, string>;
  /** For a file with several names in the tree: the others, sorted. */
  linkedWith?: string[];
}

/** A tree by path: absolute, without slashes at the end; the root is `/`. */
export type Tree = Map<string, TreeEntry>;

export interface ScanOptions {
  /** Tells which paths to leave out. Default: none. */
  exclude?: (path: string) => boolean;
  /** Tells whether to keep the content of a small file that was just read. Default: never. */
  keep?: (path: string, entry: TreeEntry) => boolean;
  /** Receives all extended attributes, including the overlay's own. */
  onXattrs?: (path: string, xattrs: ReadonlyMap<string, Buffer>) => void;
}

export interface ScannedTree {
  tree: Tree;
  /** The contents that were kept. */
  contents: Map<string, Buffer>;
}

/** The largest content that is kept, in bytes. */
export const contentLimitBytes = 256 * 1024;

/**
 * Files that the engine puts into every container, or mounts there: the code in it did not make them. The three files
 * in /etc are the engine's own mounts, whose content is never in the writable layer.
 */
const engineFiles = new Set(['/.dockerenv', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

export function isEngineFile(path: string): boolean {
  return engineFiles.has(path) || /^\/(dev|proc|sys)(\/|$)/.test(path);
}

/** Reads a tree from an archive of it as it streams by. Contents are hashed piece by piece. */
export async function scanTree(
  archive: AsyncIterable<Uint8Array>,
  { exclude, keep, onXattrs }: ScanOptions = {},
): Promise<ScannedTree> {
  const tree: Tree = new Map();
  const contents = new Map<string, Buffer>();
  const links = new Map<string, string[]>();
  for await (const member of readTar(archive)) {
    const path = pathOf(member.name);
    if (exclude?.(path)) continue;
    if (member.xattrs.size > 0) onXattrs?.(path, member.xattrs);
    if (member.type === 'hardlink') {
      addLink(links, pathOf(member.target), path);
      continue;
    }
    const { sha256, content } = readNow(member) ?? (await readContent(member, keep !== undefined));
    const entry = entryOf(member, sha256);
    tree.set(path, entry);
    // A copy, because the content that was read shares its memory with other entries.
    if (content !== undefined && keep?.(path, entry)) contents.set(path, Buffer.from(content));
  }
  addLinks(tree, links, contents);
  return { tree, contents };
}

/** `./etc/`, `etc/` and `/etc` are all `/etc`. */
function pathOf(name: string): string {
  return `/${name.replace(/^\.?\/+|^\.$/, '').replace(/\/+$/, '')}`;
}

interface Content {
  sha256?: string;
  content?: Buffer;
}

/** Hashes a member that has come already, as most small members have: a wait costs more than the hash. */
function readNow(member: TarEntry): Content | undefined {
  if (member.type !== 'file') return {};
  const content = member.size <= contentLimitBytes ? member.bodyNow() : undefined;
  return content && { sha256: hash('sha256', content), content };
}

async function readContent({ size, body }: TarEntry, keep: boolean): Promise<Content> {
  const hashing = createHash('sha256');
  const pieces: Buffer[] | undefined = keep && size <= contentLimitBytes ? [] : undefined;
  for await (const piece of body) {
    hashing.update(piece);
    pieces?.push(piece);
  }
  return { sha256: hashing.digest('hex'), content: pieces && Buffer.concat(pieces) };
}

/** Makes a tree's entry of an archive's member. */
export function entryOf(member: TarEntry, sha256?: string): TreeEntry {
  const { mode, uid, gid, mtime } = member;
  const entry: TreeEntry = { type: typeOfEntry(member.type), mode, uid, gid, mtime };
  if (sha256 !== undefined) Object.assign(entry, { size: member.size, sha256 });
  if (member.type === 'symlink') entry.target = member.target;
  // The engine makes this link anew in every container whose image has none.
  if (entry.target === '/proc/mounts' && pathOf(member.name) === '/etc/mtab') entry.mtime = 0;
  if (member.type.endsWith('device')) entry.device = `${member.device.major}:${member.device.minor}`;
  if (member.xattrs.size === 0) return entry;
  const xattrs = [...member.xattrs].filter(([name]) => !isOwnToTheStore(name));
  if (xattrs.length > 0) entry.xattrs = hexByName(xattrs);
  return entry;
}

function hexByName(xattrs: [string, Buffer][]): Record<string, string> {
  const sorted = xattrs.sort(([a], [b]) => byPath(a, b));
  return Object.fromEntries(sorted.map(([name, value]): [string, string] => [name, value.toString('hex')]));
}

/** Whether the overlay itself wrote an extended attribute. */
function isOwnToTheStore(xattr: string): boolean {
  return xattr.startsWith('trusted.overlay.') || xattr.startsWith('user.overlay.');
}

/** Returns the type of an archive's member. */
export function typeOfEntry(type: TarEntry['type']): FileType {
  return type === 'unknown' || type === 'hardlink' ? 'file' : type;
}

function addLink(links: Map<string, string[]>, first: string, path: string): void {
  links.set(first, [...(links.get(first) ?? []), path]);
}

/** An archive has a file with several names once. The other names refer to it. */
function addLinks(tree: Tree, links: ReadonlyMap<string, string[]>, contents: Map<string, Buffer>): void {
  for (const [first, others] of links) {
    const entry = tree.get(first);
    if (entry === undefined) continue;
    const names = [first, ...others].sort(byPath);
    const content = contents.get(first);
    for (const name of names) {
      tree.set(name, { ...entry, linkedWith: names.filter((other) => other !== name) });
      if (content !== undefined) contents.set(name, content);
    }
  }
}
