import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { parseDaemonLog, type DaemonLogLine } from '../daemon-log';

/**
 * Follows a log file. Each call of the returned function reads the new part of the file, and returns all whole lines so
 * far. The lines remain after the file is removed.
 */
export function followLog(file: string): () => readonly DaemonLogLine[] {
  const lines: DaemonLogLine[] = [];
  const decoder = new StringDecoder('utf8');
  let offset = 0;
  let unfinished = '';
  return () => {
    const bytes = readFrom(file, offset);
    offset += bytes.length;
    const text = unfinished + decoder.write(bytes);
    const end = text.lastIndexOf('\n') + 1;
    unfinished = text.slice(end);
    lines.push(...parseDaemonLog(text.slice(0, end)));
    return lines;
  };
}

function readFrom(file: string, offset: number): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let position = offset; ;) {
      const chunk = Buffer.alloc(64 * 1024);
      const count = readSync(descriptor, chunk, 0, chunk.length, position);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      position += count;
    }
  } finally {
    closeSync(descriptor);
  }
}
