/** Where something in a container listens for TCP connections. */
export interface Listener {
  /** As in `0.0.0.0` or `::`. */
  address: string;
  port: number;
}

/**
 * What listens, by `/proc/net/tcp` and `/proc/net/tcp6` (proc(5)): a line a socket, of which the second field is the
 * local address in hexadecimal and the fourth the state, where 0A is listening.
 */
export function parseListeners(text: string): Listener[] {
  const found: Listener[] = [];
  for (const line of text.split('\n')) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [, address, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (state !== '0A' || address === undefined || port === undefined) continue;
    found.push({ address: addressOf(address), port: parseInt(port, 16) });
  }
  return found;
}

/**
 * Each word of four bytes is in the order of the processor, which on all that Docker runs on is the last byte first.
 */
function addressOf(hexadecimal: string): string {
  const words = hexadecimal.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  // The URL standard writes IPv6 addresses in their short form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
