import { PassThrough, type Readable } from 'node:stream';
import { firstEvent } from '../../support/first-event';
import type { OutputStream } from '../../engine/framed-stream';
import type { Tail } from './tail';

/** Passes a process's output to the streams that a test has opened, and to the tail. */
export interface Readers {
  add(stream: OutputStream, bytes: Buffer): void;
  /** Settles once every opened stream can take more. */
  ready(): Promise<void>;
  end(): void;
  /** Returns a stream of what the tail has kept and of all that comes. Further calls return the same stream. */
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
