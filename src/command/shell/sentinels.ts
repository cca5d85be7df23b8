/**
 * Finds a shell's sentinels in one of its output streams: a token, a message and a newline. All other bytes are passed
 * on as they come. Bytes that could begin a sentinel are held back until the next piece.
 *
 * @param onBytes receives all that is between sentinels, without copying
 * @param onSentinel receives each sentinel's message
 * @returns a function to be called with each piece of the stream
 */
export function readSentinels(
  token: string,
  onBytes: (bytes: Buffer) => void,
  onSentinel: (message: string) => void,
): (piece: Buffer) => void {
  const start = Buffer.from(token);
  let held: Buffer | undefined;
  return (piece) => {
    let bytes = held === undefined ? piece : Buffer.concat([held, piece]);
    held = undefined;
    while (bytes.length > 0) {
      const at = bytes.indexOf(start);
      const end = at === -1 ? -1 : bytes.indexOf('\n', at + start.length);
      const from = at === -1 ? beginningOf(start, bytes) : at;
      if (from > 0) onBytes(bytes.subarray(0, from));
      if (end === -1) {
        if (from < bytes.length) held = bytes.subarray(from);
        return;
      }
      onSentinel(bytes.toString('utf8', at + start.length, end));
      bytes = bytes.subarray(end + 1);
    }
  };
}

/** Returns the position near the end of `bytes` at which a sentinel may begin; their length if there is none. */
function beginningOf(start: Buffer, bytes: Buffer): number {
  for (let at = Math.max(0, bytes.length - start.length + 1); at < bytes.length; at++) {
    if (bytes[at] === start[0] && start.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
  }
  return bytes.length;
}
