import type { OutputStream } from '../../engine/framed-stream';
import { collectOutput, type Output } from '../output';

/** The last bytes that a process has printed, on both streams together, in the order they came. */
export interface Tail {
  add(stream: OutputStream, bytes: Buffer): void;
  /** The number of pieces that have come. */
  readonly revision: number;
  /** Returns what is kept, as a command's output. */
  output(): Output;
}

/**
 * Keeps the end of a process's output.
 *
 * @param limit in bytes
 */
export function keepTail(limit: number): Tail {
  const pieces: { stream: OutputStream; bytes: Buffer }[] = [];
  let keptBytes = 0;
  let revision = 0;
  const drop = (): void => {
    let whole = 0;
    for (const piece of pieces) {
      const surplus = keptBytes - limit;
      if (surplus <= 0) break;
      if (piece.bytes.length > surplus) {
        piece.bytes = piece.bytes.subarray(surplus);
        keptBytes = limit;
        break;
      }
      whole += 1;
      keptBytes -= piece.bytes.length;
    }
    pieces.splice(0, whole);
  };
  return {
    add: (stream, bytes) => {
      pieces.push({ stream, bytes });
      keptBytes += bytes.length;
      revision += 1;
      drop();
    },
    get revision() {
      return revision;
    },
    output: () => {
      const output = collectOutput(Infinity);
      for (const { stream, bytes } of pieces) output.add(stream, bytes);
      return output;
    },
  };
}
