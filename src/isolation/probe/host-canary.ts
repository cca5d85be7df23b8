import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What was put on this machine to be found nowhere in a container. Each has its own unguessable name. */
export interface HostCanary extends AsyncDisposable {
  /** Files. */
  readonly files: readonly string[];
  /** An argument of a process. */
  readonly argument: string;
  /** The value of that process's variable `BELLJAR_CANARY`. */
  readonly variable: string;
  /** The TCP port that is listened on at 127.0.0.1. */
  readonly port: number;
  /** A listening Unix socket without a file (unix(7), "abstract"); undefined where the system has none. */
  readonly socket: string | undefined;
}

/**
 * The process that is a canary itself, and takes the files away: it waits until its standard input closes, which the
 * kernel does for it when this process dies in whatever way.
 */
const keeperScript = `trap '' INT TERM HUP; shift; read -r _; rm -f -- "$@"`;

/** Puts the canaries out. Disposing takes all of them away again. */
export async function plantOnHost(): Promise<HostCanary> {
  const [file, argument, variable, socket] = [newToken(), newToken(), newToken(), newToken()];
  const directories = [...new Set([tmpdir(), ...(process.platform === 'linux' ? ['/dev/shm'] : [])])];
  const files = directories.map((directory) => join(directory, file));
  const keeper = startKeeper(argument, variable, files);
  const servers: Server[] = [];
  const listen = async (options: ListenOptions): Promise<Server> => {
    const server = await startListening(options);
    servers.push(server);
    return server;
  };
  const takeAway = async (): Promise<void> => {
    await Promise.all([stopKeeper(keeper), ...servers.map(stopListening)]);
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
      [Symbol.asyncDispose]: takeAway,
    };
  } catch (error) {
    await takeAway();
    throw error;
  }
}

function newToken(): string {
  return `belljar-canary-${randomBytes(16).toString('hex')}`;
}

function startKeeper(argument: string, variable: string, files: string[]): ChildProcess {
  return spawn('/bin/sh', ['-c', keeperScript, 'belljar', argument, ...files], {
    env: { PATH: process.env.PATH, BELLJAR_CANARY: variable },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own session: a Ctrl-C at the terminal doesn't reach it before it has cleaned up.
    detached: true,
  });
}

async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const exited = once(keeper, 'exit');
  keeper.stdin?.end();
  await exited;
}

async function startListening(options: ListenOptions): Promise<Server> {
  // Nobody is meant to get in; who does is sent away.
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
