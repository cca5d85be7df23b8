/**
 * Finds a shell's marks in one of its output streams: a token, a message and a newline. What is no mark is passed on as
 * it comes; only what could be the beginning of a mark is held back until the next piece tells.
 *
 * @param onBytes gets all that is between marks, without copying
 * @param onMark gets each mark's message
 * @returns to be called with each piece of the stream
 */
export function readSentinels(
  token: string,
  onBytes: (bytes: Buffer) => void,
  onMark: (message: string) => void,
): (piece: Buffer) => void {
  const mark = Buffer.from(token);
  let held: Buffer | undefined;
  return (piece) => {
    let bytes = held === undefined ? piece : Buffer.concat([held, piece]);
    held = undefined;
    while (bytes.length > 0) {
      const at = bytes.indexOf(mark);
      const end = at === -1 ? -1 : bytes.indexOf('\n', at + mark.length);
      const from = at === -1 ? beginningOf(mark, bytes) : at;
      if (from > 0) onBytes(bytes.subarray(0, from));
      if (end === -1) {
        if (from < bytes.length) held = bytes.subarray(from);
        return;
      }
      onMark(bytes.toString('utf8', at + mark.length, end));
      bytes = bytes.subarray(end + 1);
    }
  };
}

/** Where at the end of `bytes` the mark may begin; their length where it does not. */
function beginningOf(mark: Buffer, bytes: Buffer): number {
  for (let at = Math.max(0, bytes.length - mark.length + 1); at < bytes.length; at++) {
    if (bytes[at] === mark[0] && mark.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
  }
  return bytes.length;
}
