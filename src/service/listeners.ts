/** A listening TCP socket in a container. */
export interface Listener {
  /** The local address, such as `0.0.0.0` or `::`. */
  address: string;
  port: number;
}

/**
 * Parses the listening sockets of `/proc/net/tcp` and `/proc/net/tcp6` (proc(5)). Each line is a socket. The second
 * field is the local address in hexadecimal, the fourth is the state; 0A means listening.
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

/** Each word of four bytes is in the processor's byte order, which is little-endian on every platform of Docker. */
function addressOf(hexadecimal: string): string {
  const words = hexadecimal.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  // URL converts IPv6 addresses to their short form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
