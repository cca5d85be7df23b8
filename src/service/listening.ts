import { ServiceError } from './errors';
import type { ServiceContainer } from './service-container';
import { parseListeners, type Listener } from './listeners';
import { shortId } from '../support/short-id';

/**
 * Returns the listening TCP sockets in a container.
 *
 * @throws ServiceError `CANNOT_LOOK` if the container has no `cat` to read its sockets with
 */
export async function readListeners({ container, commands }: ServiceContainer): Promise<Listener[]> {
  // A file is missing if the kernel lacks its protocol.
  const { stdout, exitCode, code } = await commands.run('cat', ['/proc/net/tcp', '/proc/net/tcp6'], {
    reject: false,
    user: '0',
  });
  if (exitCode === undefined || !stdout.includes('local_address')) {
    throw new ServiceError(
      'CANNOT_LOOK',
      `The sockets of container ${shortId(container.id)} can't be read: cat failed with ${code ?? 'no output'}.`,
    );
  }
  return parseListeners(stdout);
}

/** Formats listening sockets: `listening addresses: 0.0.0.0:80, [::]:80`. */
export function formatListeners(listeners: readonly Listener[]): string {
  if (listeners.length === 0) return 'nothing listens on any port';
  const addresses = listeners.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return `listening addresses: ${[...new Set(addresses)].join(', ')}`;
}
