import { createHash } from 'node:crypto';
import { extract, type Header } from 'tar-stream';

/** The fingerprint and entries of a file tree. */
export interface Tree {
  /** `sha256:…`, the hash over every path and its entry. */
  fingerprint: string;
  /** The entry of each path: a line for people with type, mode, owner, size, link target and a hash. */
  entries: ReadonlyMap<string, string>;
}

/** A path whose entry differs between two trees. */
export interface TreeDifference {
  path: string;
  expected?: string;
  found?: string;
}

/** Reads a tree from a tar archive, as a stream. Times are not part of the tree. */
export async function readTree(archive: NodeJS.ReadableStream): Promise<Tree> {
  const entries = new Map<string, string>();
  const files = extract();
  archive.once('error', (error: Error) => files.destroy(error));
  archive.pipe(files);
  for await (const entry of files) {
    const hash = createHash('sha256');
    for await (const chunk of entry) hash.update(chunk as Buffer);
    entries.set(normalPath(entry.header.name), formatEntry(entry.header, hash.digest('hex')));
  }
  return { fingerprint: fingerprintOf(entries), entries };
}

/** Returns every path whose entry differs between two trees, sorted. */
export function compareTrees(before: Tree, after: Tree): TreeDifference[] {
  const paths = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort();
  return paths
    .map((path) => ({ path, expected: before.entries.get(path), found: after.entries.get(path) }))
    .filter(({ expected, found }) => expected !== found);
}

function normalPath(name: string): string {
  return `/${name.replace(/^\.?\/*/, '').replace(/\/+$/, '')}`;
}

function formatEntry(header: Header, sha256: string): string {
  const { type, mode, uid, gid, size, linkname, devmajor, devminor } = header;
  const attributes = Object.entries(header.pax ?? {}).filter(([key]) => key.startsWith('SCHILY.xattr.'));
  const kind: string = type;
  return [
    kind,
    (mode & 0o7777).toString(8).padStart(4, '0'),
    `${uid}:${gid}`,
    ...(kind === 'file' ? [`${size} bytes`, `sha256:${sha256}`] : []),
    ...(linkname ? [`-> ${linkname}`] : []),
    ...(kind.endsWith('-device') ? [`${devmajor},${devminor}`] : []),
    ...attributes
      .map(([key, value]) => `${key.slice('SCHILY.xattr.'.length)}=${JSON.stringify(value)}`)
      .sort(),
  ].join(' ');
}

function fingerprintOf(entries: Map<string, string>): string {
  const hash = createHash('sha256');
  for (const path of [...entries.keys()].sort()) hash.update(`${path}\0${entries.get(path) ?? ''}\0`);
  return `sha256:${hash.digest('hex')}`;
}
