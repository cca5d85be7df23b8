import { EngineError } from './errors';

export type OutputStream = 'stdout' | 'stderr';

const headerLength = 8;
const empty: Buffer = Buffer.alloc(0);

export interface FrameReader {
  /** @throws EngineError `ENGINE_NOT_AN_ENGINE` for bytes that are no frame */
  read(chunk: Buffer): void;
  /** Whether what was read ends with the end of a frame. */
  isWhole(): boolean;
}

/**
 * Takes the engine's multiplexed stream apart (Engine API, "Attach to a container": stream format): each frame is a
 * header - stream number, three zeros, length in four bytes - and that many bytes. Frames may be cut anywhere.
 *
 * @param onOutput gets each piece as it comes, without copying
 */
export function frameReader(onOutput: (stream: OutputStream, bytes: Buffer) => void): FrameReader {
  let header: Buffer = empty;
  let stream: OutputStream = 'stdout';
  let left = 0;
  const read = (chunk: Buffer): void => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.subarray(at, at + headerLength - header.length);
        header = header.length === 0 ? taken : Buffer.concat([header, taken]);
        at += taken.length;
        if (header.length < headerLength) return;
        stream = streamOf(header);
        left = header.readUInt32BE(4);
        header = empty;
      } else {
        const bytes = chunk.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        onOutput(stream, bytes);
      }
    }
  };
  return { read, isWhole: () => left === 0 && header.length === 0 };
}

/** Reads a connection's frames as they come; it is closed, with the reason, at bytes that are none. */
export function readFrames(
  connection: NodeJS.ReadableStream & { destroy(error: Error): void },
  onOutput: (stream: OutputStream, bytes: Buffer) => void,
): FrameReader {
  const reader = frameReader(onOutput);
  connection.on('data', (chunk: Buffer) => {
    try {
      reader.read(chunk);
    } catch (error) {
      connection.destroy(error as Error);
    }
  });
  return reader;
}

/** The error for a connection that ended within a frame: what it would have brought is not known. */
export function cutShort(): EngineError {
  return new EngineError(
    'CONNECTION_LOST',
    'The connection to the engine ended in the middle of what a command printed, so the rest of its output and its end ' +
      'are not known; it was killed. The engine, or something between, closed it: look at its log (journalctl -u docker).',
  );
}

/** 0 is standard input, which the engine writes as standard output. */
function streamOf(header: Buffer): OutputStream {
  if ((header[0] ?? 3) <= 2 && header.readUIntBE(1, 3) === 0) return header[0] === 2 ? 'stderr' : 'stdout';
  throw new EngineError(
    'ENGINE_NOT_AN_ENGINE',
    `What came from the engine is not a command's output: a frame began with the bytes ${header.toString('hex')}. Something ` +
      'between belljar and the engine changes what is sent, or it is no engine.',
  );
}
