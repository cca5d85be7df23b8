/** Reads any number of bytes from a stream whose pieces have other sizes. */
export interface ByteReader {
  /** Returns exactly `count` bytes; undefined if the stream ends before the first. */
  take(count: number): Promise<Buffer | undefined>;
  /**
   * Returns the bytes without waiting, because a wait costs more than most reads; undefined if too few have come yet.
   */
  takeNow(count: number): Buffer | undefined;
  skip(count: number): Promise<void>;
  section(count: number): Section;
  /** Reads the stream to its end. */
  drain(): Promise<void>;
  /** Ends the stream, read or not. */
  close(): Promise<void>;
}

/** The next bytes of a stream, to be read in one of two ways. */
interface Section {
  /** Piece by piece, in the stream's own sizes. */
  pieces: AsyncIterable<Buffer>;
  /** In one piece, without waiting or copying; undefined if not all of it has come yet. */
  now: () => Buffer | undefined;
  /** Skips what was not read. */
  skip: () => Promise<void>;
  /** How many bytes were not read. */
  readonly left: number;
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

  function takeNow(count: number): Buffer | undefined {
    if (rest.length < count || count === 0) return undefined;
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  }

  async function take(count: number): Promise<Buffer | undefined> {
    const now = takeNow(count);
    if (now !== undefined) return now;
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

  const section = (count: number): Section => sectionOf(count, { piece, takeNow, cutOff });
  return {
    take,
    takeNow,
    section,
    skip: (count) => section(count).skip(),
    drain: async () => {
      rest = Buffer.alloc(0);
      while (await more()) rest = Buffer.alloc(0);
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

interface SectionSource extends Pick<ByteReader, 'takeNow'> {
  piece: (limit: number) => Promise<Buffer | undefined>;
  cutOff: () => Error;
}

function sectionOf(count: number, { piece, takeNow, cutOff }: SectionSource): Section {
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
  const now = (): Buffer | undefined => {
    const bytes = left === 0 ? Buffer.alloc(0) : takeNow(left);
    if (bytes !== undefined) left = 0;
    return bytes;
  };
  return {
    pieces: { [Symbol.asyncIterator]: pieces },
    now,
    skip,
    get left() {
      return left;
    },
  };
}
