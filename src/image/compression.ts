import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';

/** How a layer or an archive may be compressed. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';

/**
 * What each kind starts with, in hexadecimal digits; long enough that no file name at the start of a tar archive is
 * one.
 */
const starts: [Compression, RegExp][] = [
  ['gzip', /^1f8b08/],
  ['zstd', /^28b52ffd/],
  ['xz', /^fd377a585a00/],
  ['bzip2', /^425a683[1-9]314159265359/],
];

/** What bytes are compressed with, told by their start; undefined for none. */
export function compressionOf(start: Buffer): Compression | undefined {
  const hex = start.toString('hex', 0, 10);
  return starts.find(([, pattern]) => pattern.test(hex))?.[0];
}

/**
 * A stream that decompresses, or undefined for a kind that this Node.js can't: zstd needs 22.15, and it has no xz and
 * no bzip2.
 */
export function createDecompressor(compression: Compression): Duplex | undefined {
  if (compression === 'gzip') return zlib.createGunzip();
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex };
  return compression === 'zstd' ? createZstdDecompress?.() : undefined;
}
