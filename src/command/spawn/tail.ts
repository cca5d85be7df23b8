import type { OutputStream } from '../../engine/framed-stream';
import { collectOutput, type Output } from '../output';

/** Keeps the last bytes that a process has printed, on both streams together, in the order they came. */
export interface Tail {
  add(stream: OutputStream, bytes: Buffer): void;
  /** Counts what came. */
  readonly revision: number;
  /** What is kept, as a command's output is. */
  output(): Output;
}

/** @param limit how many bytes are kept at most */
export function keepTail(limit: number): Tail {
  const pieces: { stream: OutputStream; bytes: Buffer }[] = [];
  let inherited = 0;
  let revision = 0;
  const drop = (): void => {
    let whole = 0;
    for (const piece of pieces) {
      const surplus = inherited - limit;
      if (surplus <= 0) break;
      if (piece.bytes.length > surplus) {
        piece.bytes = piece.bytes.subarray(surplus);
        inherited = limit;
        break;
      }
      whole += 1;
      inherited -= piece.bytes.length;
    }
    pieces.splice(0, whole);
  };
  return {
    add: (stream, bytes) => {
      pieces.push({ stream, bytes });
      inherited += bytes.length;
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
