import { TarError } from '../errors';
import { decodePath } from '../path';
import { byteReader, type ByteReader } from './bytes';
import { parsePax, xattrsOf } from './pax';

/*
 * tar-stream would do, but for two things: it decodes names and extended attributes as UTF-8, so that a file whose name
 * is not UTF-8 can't be told from another, and a capability (binary) can't be read at all.
 */

type TarType =
  'file' | 'hardlink' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo' | 'unknown';

/** One member of an archive. Its body must be read, or skipped, before the next member is requested. */
export interface TarEntry {
  /** The name as the archive has it. */
  name: string;
  type: TarType;
  /** Permission bits, with set-user-id, set-group-id and sticky. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of the body. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  /** The target of a symbolic or hard link. */
  target: string;
  device: { major: number; minor: number };
  /** Extended attributes. */
  xattrs: ReadonlyMap<string, Buffer>;
  body: AsyncIterable<Buffer>;
  /** Returns the body in one piece if all of it has come already: shared memory, to be used at once or copied. */
  bodyNow: () => Buffer | undefined;
}

/**
 * Reads a tar archive (POSIX.1-2001 pax, ustar, GNU) as a stream. Ending the loop early ends the source.
 *
 * @throws TarError
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const bytes = byteReader(source, (problem) => new TarError(problem));
  try {
    let extension: Extension = none;
    let global: Extension = none;
    for (let block = await nextHeader(bytes); block !== undefined; block = await nextHeader(bytes)) {
      const size = extension.pax?.get('size');
      const header = decodeHeader(block);
      const flag = String.fromCharCode(block[156] ?? 0);
      if ('xgLK'.includes(flag)) {
        const found = await readExtension(bytes, flag, header.size);
        if (flag === 'g') global = merge(global, found);
        else extension = merge(extension, found);
        continue;
      }
      const entry = applyExtension(header, merge(global, extension), size);
      extension = none;
      const body = bytes.section(entry.size);
      yield Object.assign(entry, { body: body.pieces, bodyNow: body.now });
      if (body.left > 0) await body.skip();
      const gap = padding(entry.size);
      if (gap > 0 && bytes.takeNow(gap) === undefined) await bytes.skip(gap);
    }
    await bytes.drain();
  } finally {
    await bytes.close();
  }
}

type Header = Omit<TarEntry, 'body' | 'bodyNow'>;

interface Extension {
  pax?: ReadonlyMap<string, Buffer>;
  longName?: Buffer;
  longTarget?: Buffer;
}

const blockSize = 512;

/** What most entries have: no extension. */
const none: Extension = {};

/**
 * The limit of an extended header, in bytes. More is not a name or an attribute (Linux: 4 KiB and 64 KiB), but an
 * attack.
 */
const extensionLimit = 1 << 20;

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

/** Reads the next header; undefined at the block of zeros that ends an archive. */
async function nextHeader(bytes: ByteReader): Promise<Buffer | undefined> {
  const block = bytes.takeNow(blockSize) ?? (await bytes.take(blockSize));
  if (block === undefined) return undefined;
  let sum = 8 * 32;
  for (let at = 0; at < blockSize; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  if (sum === 8 * 32) return undefined;
  if (sum !== number(block, 148, 8)) throw new TarError('a header has a wrong checksum');
  return block;
}

async function readExtension(bytes: ByteReader, flag: string, size: number): Promise<Extension> {
  if (size > extensionLimit) throw new TarError(`an extended header has ${size} bytes`);
  const content = (await bytes.take(size)) ?? Buffer.alloc(0);
  await bytes.skip(padding(size));
  if (flag === 'L') return { longName: untilNul(content) };
  if (flag === 'K') return { longTarget: untilNul(content) };
  const pax = parsePax(content);
  if (pax === undefined) throw new TarError('an extended header is malformed');
  return { pax };
}

function merge(first: Extension, second: Extension): Extension {
  if (first === none) return second;
  if (second === none) return first;
  const pax = new Map([...(first.pax ?? []), ...(second.pax ?? [])]);
  return { ...first, ...second, pax };
}

const types: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

function decodeHeader(block: Buffer): Header {
  const type = types[String.fromCharCode(block[156] ?? 0)] ?? 'unknown';
  return {
    name: nameIn(block),
    type,
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    target: block[157] === 0 ? '' : decodePath(untilNul(block.subarray(157, 257))),
    device: { major: number(block, 329, 8), minor: number(block, 337, 8) },
    xattrs: noXattrs,
  };
}

const noXattrs: ReadonlyMap<string, Buffer> = new Map();

function nameIn(block: Buffer): string {
  const name = untilNul(block.subarray(0, 100));
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  if (!isUstar || block[345] === 0) return decodePath(name);
  return decodePath(Buffer.concat([untilNul(block.subarray(345, 500)), Buffer.from('/'), name]));
}

function applyExtension(header: Header, extension: Extension, size: Buffer | undefined): Header {
  if (extension === none) return checked(header, undefined);
  const { pax, longName, longTarget } = extension;
  const bytesOf = (key: string, otherwise: Buffer | undefined): Buffer | undefined =>
    pax?.get(key) ?? otherwise;
  const numberOf = (key: string, otherwise: number): number => {
    const text = pax?.get(key)?.toString();
    return text === undefined ? otherwise : Number(text);
  };
  const name = bytesOf('path', longName);
  const target = bytesOf('linkpath', longTarget);
  const applied: Header = {
    ...header,
    name: name === undefined ? header.name : decodePath(name),
    target: target === undefined ? header.target : decodePath(target),
    uid: numberOf('uid', header.uid),
    gid: numberOf('gid', header.gid),
    mtime: Math.floor(numberOf('mtime', header.mtime)),
    size: size === undefined ? header.size : Number(size.toString()),
    xattrs: xattrsOf(pax),
  };
  return checked(applied, pax);
}

/** Checks what the fields mean together. */
function checked(applied: Header, pax: Extension['pax']): Header {
  if (applied.type !== 'file' && applied.type !== 'unknown') return { ...applied, size: 0 };
  if (applied.type === 'file' && applied.name.endsWith('/'))
    return { ...applied, type: 'directory', size: 0 };
  if (!Number.isSafeInteger(applied.size) || applied.size < 0)
    throw new TarError('an entry has an impossible size');
  const isSparse = [...(pax?.keys() ?? [])].some((key) => key.startsWith('GNU.sparse'));
  return isSparse ? { ...applied, type: 'unknown' } : applied;
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Reads a number: octal digits, or base 256 if the first bit is set (GNU). */
function number(block: Buffer, at: number, length: number): number {
  if (((block[at] ?? 0) & 0x80) === 0) {
    return octal(block, at, at + length);
  }
  return block
    .subarray(at, at + length)
    .reduce((sum, byte, index) => sum * 256 + (index === 0 ? byte & 0x7f : byte), 0);
}

/** Reads octal digits up to a NUL, with spaces around them. No digits are 0. */
function octal(block: Buffer, at: number, end: number): number {
  let value = 0;
  for (let byte = block[at] ?? 0; at < end && byte !== 0; byte = block[++at] ?? 0) {
    if (byte === space) continue;
    if (byte < zero || byte > seven) throw new TarError('a number in a header is not octal');
    value = value * 8 + byte - zero;
  }
  return value;
}

const [space, zero, seven] = [0x20, 0x30, 0x37];
