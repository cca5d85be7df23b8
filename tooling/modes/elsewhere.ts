import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { info } from '../../src/engine/info';
import { setUp } from '../machine/set-up';
import { startMode, type Mode } from './mode';

/**
 * An engine elsewhere, as with Docker Desktop, Docker-in-Docker or `tcp://`: it is reached by TCP only, its processes
 * can't be seen, and its data and its socket are not there. The specs run in their own pid and mount namespaces.
 */
export const elsewhere: Mode = {
  about: 'root, with an engine that can only be reached by TCP',
  start: () =>
    startMode(async (steps) => {
      const machine = await setUp();
      steps.finally(() => machine.tearDown());
      const { endpoint } = await connectEngine();
      const socket = socketPathOf(endpoint.host);
      if (socket === undefined) throw new Error('This mode needs an engine with a socket on this machine.');
      const proxy = await startProxy(socket);
      steps.finally(() => proxy.stop());
      const hidden = [(await info()).rootDirectory, '/var/lib/docker', '/var/lib/containerd', '/run/docker'];
      return {
        prefix: [
          ...'unshare --pid --mount --fork --mount-proc --kill-child'.split(' '),
          ...hiding(hidden, socket),
        ],
        cwd: process.cwd(),
        env: { DOCKER_HOST: `tcp://127.0.0.1:${proxy.port}` },
      };
    }),
};

/** A shell that hides directories and a socket in its mount namespace, and then becomes its other arguments. */
function hiding(directories: readonly string[], socket: string): string[] {
  const there = [...new Set(directories)].filter((directory) => existsSync(directory));
  const script = [
    'set -e',
    ...there.map((_, index) => `mount -t tmpfs tmpfs "$${index + 1}"`),
    `mount --bind /dev/null "$${there.length + 1}"`,
    `shift ${there.length + 1}`,
    'exec "$@"',
  ];
  return ['sh', '-c', script.join('\n'), 'sh', ...there, socket];
}

interface Proxy {
  port: number;
  stop(): Promise<void>;
}

/** Passes bytes between a port of 127.0.0.1 and a socket, without waiting for more of them (TCP_NODELAY). */
async function startProxy(path: string): Promise<Proxy> {
  const open = new Set<Socket>();
  // Half-open, because a client may end its side of a hijacked connection and go on to read.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const engine = connect({ path, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    // The end of one side with an error is the end of the other, as it is without a proxy.
    client.on('error', () => engine.destroy());
    engine.on('error', () => client.destroy());
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        for (const socket of open) socket.destroy();
      }),
  };
}
