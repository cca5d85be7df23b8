import { createReadStream, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { timeOfDay } from '../../support/time';
import { FileError } from '../errors';
import { decodePath } from '../path';
import { endOfArchive, tarHeader, tarPadding } from '../tar/write';
import type { Destination } from './destination';
import type { Source, SourceEntry } from './source';

/** The owner of what is copied, and the mode of its files. */
export interface Ownership {
  /** Undefined: each file's own. */
  uid: number | undefined;
  gid: number | undefined;
  /** Of the file, or of every file in the tree. Undefined: each file's own. */
  mode: number | undefined;
}

/** The size of the pieces that are sent, in bytes: many small files together cost the engine one read. */
const pieceSize = 256 * 1024;

/** The largest file that is read at once, in bytes. Larger ones are read piece by piece. */
const smallSize = 64 * 1024;

/** Packs what is to be copied into a tar archive, in large pieces. */
export async function* pack(
  { entries }: Source,
  { missing, name }: Destination,
  ownership: Ownership,
): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  const mtime = Math.floor(timeOfDay() / 1000);
  const parents = missing.map((directory) =>
    tarHeader({ name: `${directory}/`, type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime }),
  );
  const add = (pieces: readonly Buffer[]): void => {
    waiting.push(...pieces);
    for (const { length } of pieces) size += length;
  };
  const take = (): Buffer => {
    const piece = Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
    return piece;
  };
  add(parents);
  for (const entry of entries) {
    const isSmall = entry.stats.size <= smallSize || !entry.stats.isFile();
    add([headerOf(entry, inArchive(name, entry.name), ownership), ...(isSmall ? bodyOf(entry) : [])]);
    if (isSmall && size < pieceSize) continue;
    yield take();
    if (isSmall) continue;
    yield* contentOf(entry);
    add([tarPadding(entry.stats.size)]);
  }
  add([endOfArchive]);
  yield take();
}

function inArchive(base: string, name: string): string {
  return base === '' || name === '' ? base + name : `${base}/${name}`;
}

/** Makes a header; none for a directory that exists and that the copy is merged into. */
function headerOf({ path, stats }: SourceEntry, name: string, ownership: Ownership): Buffer {
  const { uid = stats.uid, gid = stats.gid } = ownership;
  const common = { name, uid, gid, mode: stats.mode & 0o7777, mtime: stats.mtimeMs / 1000 };
  if (stats.isDirectory())
    return name === '' ? Buffer.alloc(0) : tarHeader({ ...common, name: `${name}/`, type: 'directory' });
  if (stats.isSymbolicLink()) {
    const target = decodePath(readlinkSync(path, { encoding: 'buffer' }));
    return tarHeader({ ...common, type: 'symlink', target });
  }
  return tarHeader({ ...common, type: 'file', mode: ownership.mode ?? common.mode, size: stats.size });
}

/** Reads a small file at once: a wait costs more than the read. */
function bodyOf({ path, stats }: SourceEntry): Buffer[] {
  if (!stats.isFile() || stats.size === 0) return [];
  const content = readFileSync(path);
  checkLength(content.length, path, stats);
  return [content.subarray(0, stats.size), tarPadding(stats.size)];
}

/** Yields as many bytes as the header has promised, even if the file grows meanwhile. */
async function* contentOf({ path, stats }: SourceEntry): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of createReadStream(path, { end: stats.size - 1, highWaterMark: pieceSize })) {
    sent += (piece as Buffer).length;
    yield piece as Buffer;
  }
  checkLength(sent, path, stats);
}

function checkLength(length: number, path: Buffer, { size }: Stats): void {
  if (length < size)
    throw new FileError('EIO', 'read', decodePath(path), 'it became shorter while it was copied');
}
