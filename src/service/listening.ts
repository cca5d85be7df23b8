import { ServiceError } from './errors';
import type { ServiceContainer } from './service-container';
import { parseListeners, type Listener } from './listeners';
import { shortId } from '../support/short-id';

/**
 * Everything that listens for TCP connections in a container.
 *
 * @throws ServiceError `CANNOT_LOOK` where the container has nothing to read its sockets with
 */
export async function readListeners({ container, commands }: ServiceContainer): Promise<Listener[]> {
  // Either file is absent where the kernel has no such protocol.
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

/** `these listen: 0.0.0.0:80, [::]:80`. */
export function describeListeners(listeners: readonly Listener[]): string {
  if (listeners.length === 0) return 'nothing listens on any port';
  const places = listeners.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return `these listen: ${[...new Set(places)].join(', ')}`;
}
