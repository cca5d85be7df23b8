import { EngineError } from './errors';

export type OutputStream = 'stdout' | 'stderr';

const headerLength = 8;
const empty: Buffer = Buffer.alloc(0);

export interface FrameReader {
  /** @throws EngineError `ENGINE_NOT_AN_ENGINE` for bytes that are not a frame */
  read(chunk: Buffer): void;
  /** Returns whether the bytes so far end with the end of a frame. */
  isWhole(): boolean;
}

/**
 * Parses the engine's multiplexed stream (Engine API, "Attach to a container": stream format). Each frame is a header
 * (stream number, three zeros, length in four bytes) and that many bytes. Frames may be cut anywhere.
 *
 * @param onOutput gets each piece as it arrives, without copying
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

/** Reads a connection's frames as they arrive. Closes the connection with an error at bytes that are not a frame. */
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

/** Returns the error for a connection that ended within a frame of a command's output. */
export function cutShort(): EngineError {
  return connectionLost(
    "a command's output. The rest of the output and the exit code are unknown, and belljar killed the command",
  );
}

/**
 * Returns the error for a connection that ended too early.
 *
 * @param what what it ended in the middle of, and what follows from that
 */
export function connectionLost(what: string, options?: ErrorOptions): EngineError {
  return new EngineError(
    'CONNECTION_LOST',
    `The connection to the engine ended in the middle of ${what}. The engine or a proxy closed the connection: ` +
      'look at the log of the engine (journalctl -u docker).',
    options,
  );
}

/** Stream 0 is standard input, which the engine writes as standard output. */
function streamOf(header: Buffer): OutputStream {
  if ((header[0] ?? 3) <= 2 && header.readUIntBE(1, 3) === 0) return header[0] === 2 ? 'stderr' : 'stdout';
  throw new EngineError(
    'ENGINE_NOT_AN_ENGINE',
    `The engine's answer is not a command's output: a frame began with the bytes ${header.toString('hex')}. ` +
      'A proxy between belljar and the engine changes the data, or this is not an engine.',
  );
}
