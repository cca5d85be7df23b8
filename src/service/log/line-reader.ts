import { StringDecoder } from 'node:string_decoder';
import type { OutputStream } from '../../engine/framed-stream';

/** Takes output apart into lines. */
export interface LineReader {
  add(stream: OutputStream, bytes: Buffer): void;
  /** Passes on what came after the last line end. */
  end(): void;
}

/**
 * Creates a reader of lines. The two streams are apart, because a line of one may come in the middle of a line of the
 * other.
 *
 * @param onLine gets each line, without its line end
 */
export function createLineReader(onLine: (line: string) => void): LineReader {
  const streams = { stdout: unfinished(), stderr: unfinished() };
  return {
    add: (name, bytes) => {
      const stream = streams[name];
      const lines = (stream.rest + stream.decoder.write(bytes)).split('\n');
      stream.rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/, ''));
    },
    end: () => {
      for (const stream of Object.values(streams)) {
        const rest = stream.rest + stream.decoder.end();
        if (rest !== '') onLine(rest.replace(/\r$/, ''));
        stream.rest = '';
      }
    },
  };
}

function unfinished(): { decoder: StringDecoder; rest: string } {
  return { decoder: new StringDecoder('utf8'), rest: '' };
}
