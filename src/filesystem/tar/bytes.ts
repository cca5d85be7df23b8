/** Takes bytes in the sizes one wants from a stream that has them in its own. */
export interface ByteReader {
  /** Exactly so many bytes; undefined where the stream ends before the first. */
  take(count: number): Promise<Buffer | undefined>;
  skip(count: number): Promise<void>;
  /** The next `count` bytes piece by piece, in the stream's own sizes; `skip` leaves out what was not read. */
  section(count: number): { pieces: AsyncIterable<Buffer>; skip: () => Promise<void> };
  /** Reads the stream to its end. */
  drain(): Promise<void>;
  /** Ends the stream, read or not. */
  close(): Promise<void>;
}

/** @param problem makes the error for a stream that ends in the middle of something */
export function byteReader(source: AsyncIterable<Uint8Array>, problem: (what: string) => Error): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const cutOff = (): Error => problem('it ends in the middle of an entry');

  async function more(): Promise<boolean> {
    const next = await iterator.next();
    if (next.done === true) return false;
    rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    return true;
  }

  /** Up to `limit` bytes, at least one; undefined at the end. */
  async function piece(limit: number): Promise<Buffer | undefined> {
    while (rest.length === 0) if (!(await more())) return undefined;
    const taken = rest.subarray(0, limit);
    rest = rest.subarray(taken.length);
    return taken;
  }

  async function take(count: number): Promise<Buffer | undefined> {
    if (rest.length >= count && count > 0) {
      const taken = rest.subarray(0, count);
      rest = rest.subarray(count);
      return taken;
    }
    const pieces: Buffer[] = [];
    for (let left = count; left > 0;) {
      const next = await piece(left);
      if (next === undefined && left === count) return undefined;
      if (next === undefined) throw cutOff();
      pieces.push(next);
      left -= next.length;
    }
    return Buffer.concat(pieces);
  }

  return {
    take,
    section: (count) => sectionOf(count, piece, cutOff),
    skip: (count) => sectionOf(count, piece, cutOff).skip(),
    drain: async () => {
      rest = Buffer.alloc(0);
      while (await more()) rest = Buffer.alloc(0);
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

function sectionOf(
  count: number,
  piece: (limit: number) => Promise<Buffer | undefined>,
  cutOff: () => Error,
): ReturnType<ByteReader['section']> {
  let left = count;
  async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
    while (left > 0) {
      const next = await piece(left);
      if (next === undefined) throw cutOff();
      left -= next.length;
      yield next;
    }
  }
  const skip = async (): Promise<void> => {
    while (left > 0) {
      const next = await piece(left);
      if (next === undefined) throw cutOff();
      left -= next.length;
    }
  };
  return { pieces: { [Symbol.asyncIterator]: pieces }, skip };
}
