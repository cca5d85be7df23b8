export type OutputStream = 'stdout' | 'stderr';

const headerLength = 8;
const empty: Buffer = Buffer.alloc(0);

/**
 * Takes the engine's multiplexed stream apart (Engine API, "Attach to a container": stream format): each frame is a
 * header - stream number, three zeros, length in four bytes - and that many bytes. Frames may be cut anywhere.
 *
 * @param onOutput gets each piece as it comes, without copying
 * @returns to be called with each chunk of the stream
 */
export function frameReader(
  onOutput: (stream: OutputStream, bytes: Buffer) => void,
): (chunk: Buffer) => void {
  let header: Buffer = empty;
  let stream: OutputStream = 'stdout';
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.subarray(at, at + headerLength - header.length);
        header = header.length === 0 ? taken : Buffer.concat([header, taken]);
        at += taken.length;
        if (header.length < headerLength) return;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
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
}
