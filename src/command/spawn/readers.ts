import { PassThrough, type Readable } from 'node:stream';
import { firstEvent } from '../../support/first-event';
import type { OutputStream } from '../../engine/framed-stream';
import type { Tail } from './tail';

/** Hands a process's output to whoever reads it, and keeps the last of it for all others. */
export interface Readers {
  add(stream: OutputStream, bytes: Buffer): void;
  /** Settles once those who read can take more. */
  ready(): Promise<void>;
  end(): void;
  /** A stream of what is kept and of all that comes; always the same one. */
  open(stream: OutputStream): Readable;
}

export function createReaders(tail: Tail): Readers {
  const opened = new Map<OutputStream, PassThrough>();
  let over = false;
  return {
    add: (name, bytes) => {
      tail.add(name, bytes);
      const reader = opened.get(name);
      if (reader?.writable === true) reader.write(bytes);
    },
    ready: async () => {
      const full = [...opened.values()].filter((reader) => reader.writable && reader.writableNeedDrain);
      await Promise.all(full.map((reader) => firstEvent(reader, ['drain', 'close'])));
    },
    end: () => {
      over = true;
      for (const reader of opened.values()) reader.end();
    },
    open: (name) => {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const reader = new PassThrough();
      reader.write(tail.output().bytes(name));
      if (over) reader.end();
      opened.set(name, reader);
      return reader;
    },
  };
}
