import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { messageOf } from '../../support/errors';
import { compressionOf, createDecompressor, type Compression } from '../compression';

/** The hashes and size of a file in a saved image. */
export interface SavedFile {
  /** The hash of the bytes as they are, in hexadecimal digits. */
  sha256: string;
  /** In bytes. */
  size: number;
  /** The compression of the bytes; undefined if they are not compressed. */
  compression?: Compression;
  /**
   * The hash of the decompressed bytes; undefined if they are not compressed, or this Node.js can't decompress them.
   */
  uncompressedSha256?: string;
  /** The contents of a file that is small and looks like JSON. */
  json?: string;
}

/** The archive of `docker save`: each file by its path, links resolved. */
export type SavedImage = ReadonlyMap<string, SavedFile>;

/** A larger file is not a config or manifest. */
const maxJsonBytes = 8_000_000;

/**
 * Reads a saved image as a stream, without keeping a layer in memory.
 *
 * @param archive a tar archive
 * @throws the error of the stream, or of the tar parser if the archive is not complete
 */
export async function readSavedImage(archive: NodeJS.ReadableStream): Promise<SavedImage> {
  const saved = new Map<string, SavedFile>();
  const links: { from: string; to: string }[] = [];
  const entries = extract();
  archive.once('error', (error: Error) => {
    entries.destroy(error);
  });
  archive.pipe(entries);
  for await (const entry of entries) {
    const { name, type, linkname, size } = entry.header;
    if (type === 'file') saved.set(posix.normalize(name), await readFile(name, entry, size));
    else entry.resume();
    // Docker before 25 saves a repeated layer as a symbolic link to the first one.
    if (type === 'symlink' && linkname)
      links.push({ from: name, to: posix.join(posix.dirname(name), linkname) });
    if (type === 'link' && linkname) links.push({ from: name, to: linkname });
  }
  for (const { from, to } of links) {
    const file = saved.get(posix.normalize(to));
    if (file !== undefined) saved.set(posix.normalize(from), file);
  }
  return saved;
}

async function readFile(name: string, entry: AsyncIterable<unknown>, size: number): Promise<SavedFile> {
  const chunks = (entry as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next();
  const start = first.done === true ? Buffer.alloc(0) : first.value;
  const hash = createHash('sha256');
  const compression = compressionOf(start);
  const kept: Buffer[] = [];
  const isJson = size <= maxJsonBytes && /^[{[]/.test(start.toString('latin1', 0, 1));
  const bytes = hashed(start, chunks, hash, isJson ? kept : undefined);
  const uncompressedSha256 = await hashInside(name, bytes, compression);
  return {
    sha256: hash.digest('hex'),
    size,
    ...(compression === undefined ? {} : { compression }),
    ...(uncompressedSha256 === undefined ? {} : { uncompressedSha256 }),
    ...(isJson ? { json: Buffer.concat(kept).toString() } : {}),
  };
}

/** Hashes chunks and passes them on; also adds them to `kept`, if given. */
async function* hashed(
  start: Buffer,
  rest: AsyncIterator<Buffer>,
  hash: Hash,
  kept?: Buffer[],
): AsyncGenerator<Buffer> {
  for (let chunk = start, isDone: boolean | undefined = false; !isDone;) {
    hash.update(chunk);
    kept?.push(chunk);
    yield chunk;
    const next = await rest.next();
    isDone = next.done;
    if (next.done !== true) chunk = next.value;
  }
}

async function drain(bytes: AsyncGenerator<Buffer>): Promise<void> {
  for (let next = await bytes.next(); next.done !== true; next = await bytes.next());
}

async function hashInside(
  name: string,
  bytes: AsyncGenerator<Buffer>,
  compression: Compression | undefined,
): Promise<string | undefined> {
  const decompressor = compression && createDecompressor(compression);
  if (decompressor === undefined) {
    await drain(bytes);
    return undefined;
  }
  const hash = createHash('sha256');
  try {
    await pipeline(bytes, decompressor, hash);
  } catch (error) {
    throw new Error(`${name} can't be decompressed: ${messageOf(error)}`, { cause: error });
  }
  return hash.digest('hex');
}
