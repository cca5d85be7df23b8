import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Canaries on this machine, which must be found nowhere in a container. Each has its own unguessable name. */
export interface HostCanary extends AsyncDisposable {
  /** The paths of files. */
  readonly files: readonly string[];
  /** An argument of a process. */
  readonly argument: string;
  /** The value of the environment variable `BELLJAR_CANARY` of that process. */
  readonly variable: string;
  /** A TCP port on which this process listens at 127.0.0.1. */
  readonly port: number;
  /** A listening Unix socket without a file (unix(7), "abstract"). Undefined if the system has no such sockets. */
  readonly socket: string | undefined;
}

/**
 * The holder process: a canary itself, which also removes the files. It waits until its standard input closes. The
 * kernel closes the standard input when this process dies, however it dies.
 */
const holderScript = `trap '' INT TERM HUP; shift; read -r _; rm -f -- "$@"`;

/** Puts canaries on this machine. Disposing removes all of them. */
export async function plantOnHost(): Promise<HostCanary> {
  const [file, argument, variable, socket] = [newToken(), newToken(), newToken(), newToken()];
  const directories = [...new Set([tmpdir(), ...(process.platform === 'linux' ? ['/dev/shm'] : [])])];
  const files = directories.map((directory) => join(directory, file));
  const holder = startHolder(argument, variable, files);
  const servers: Server[] = [];
  const listen = async (options: ListenOptions): Promise<Server> => {
    const server = await startListening(options);
    servers.push(server);
    return server;
  };
  const removeAll = async (): Promise<void> => {
    await Promise.all([stopHolder(holder), ...servers.map(stopListening)]);
  };
  try {
    await Promise.all(files.map((path) => writeFile(path, file, { flag: 'wx' })));
    const port = await listen({ host: '127.0.0.1', port: 0 });
    if (process.platform === 'linux') await listen({ path: `\0${socket}` });
    return {
      files,
      argument,
      variable,
      port: (port.address() as AddressInfo).port,
      socket: process.platform === 'linux' ? socket : undefined,
      [Symbol.asyncDispose]: removeAll,
    };
  } catch (error) {
    await removeAll();
    throw error;
  }
}

function newToken(): string {
  return `belljar-canary-${randomBytes(16).toString('hex')}`;
}

function startHolder(argument: string, variable: string, files: string[]): ChildProcess {
  return spawn('/bin/sh', ['-c', holderScript, 'belljar', argument, ...files], {
    env: { PATH: process.env.PATH, BELLJAR_CANARY: variable },
    stdio: ['pipe', 'ignore', 'ignore'],
    // In its own session, a Ctrl-C at the terminal doesn't reach the process before it has cleaned up.
    detached: true,
  });
}

async function stopHolder(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const exited = once(holder, 'exit');
  holder.stdin?.end();
  await exited;
}

async function startListening(options: ListenOptions): Promise<Server> {
  // No connection is expected, and each is closed at once.
  const server = createServer((connection) => void connection.destroy());
  server.listen(options);
  await once(server, 'listening');
  return server;
}

async function stopListening(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
