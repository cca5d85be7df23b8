import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';

/** How a layer or an archive may be compressed. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';

/**
 * The first bytes of each kind, in hexadecimal. Long enough to differ from any file name at the start of a tar archive.
 */
const starts: [Compression, RegExp][] = [
  ['gzip', /^1f8b08/],
  ['zstd', /^28b52ffd/],
  ['xz', /^fd377a585a00/],
  ['bzip2', /^425a683[1-9]314159265359/],
];

/** Returns the kind of compression by the first bytes; undefined if they are not compressed. */
export function compressionOf(start: Buffer): Compression | undefined {
  const hex = start.toString('hex', 0, 10);
  return starts.find(([, pattern]) => pattern.test(hex))?.[0];
}

/**
 * Returns a stream that decompresses, or undefined if this Node.js does not support the compression. zstd needs Node.js
 * 22.15; xz and bzip2 are not supported.
 */
export function createDecompressor(compression: Compression): Duplex | undefined {
  if (compression === 'gzip') return zlib.createGunzip();
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex };
  return compression === 'zstd' ? createZstdDecompress?.() : undefined;
}
