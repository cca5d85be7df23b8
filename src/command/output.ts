import { constants } from 'node:buffer';
import type { OutputStream } from '../engine/framed-stream';
import { OutputError } from './errors';

/** The bytes that a command has printed so far, in the order they came. */
export interface Output {
  /** Adds a piece. Returns false, and drops the surplus, once a stream has printed more than the limit. */
  add(stream: OutputStream, bytes: Buffer): boolean;
  /** Returns the bytes of one stream, or of both in order. */
  bytes(stream: OutputStream | 'all'): Buffer;
  /** Returns the same bytes decoded once as UTF-8. Bytes that are not UTF-8 become U+FFFD. */
  text(stream: OutputStream | 'all'): string;
}

/**
 * Collects the output of a command.
 *
 * @param limit for each stream, in bytes
 */
export function collectOutput(limit: number): Output {
  const pieces: { stream: OutputStream; bytes: Buffer }[] = [];
  const keptBytes = { stdout: 0, stderr: 0 };
  const bytes = (stream: OutputStream | 'all'): Buffer =>
    Buffer.concat(
      pieces.filter((piece) => stream === 'all' || piece.stream === stream).map((piece) => piece.bytes),
    );
  return {
    add(stream, piece) {
      const room = limit - keptBytes[stream];
      const taken = piece.length <= room ? piece : piece.subarray(0, room);
      keptBytes[stream] += taken.length;
      if (taken.length > 0) pieces.push({ stream, bytes: taken });
      return taken === piece;
    },
    bytes,
    text: (stream) => decode(bytes(stream)),
  };
}

function decode(bytes: Buffer): string {
  if (bytes.length <= constants.MAX_STRING_LENGTH) return bytes.toString('utf8');
  throw new OutputError(
    'OUTPUT_TOO_LONG',
    `The output has ${bytes.length} bytes, more than a string can hold. Use { encoding: 'buffer' }.`,
  );
}
