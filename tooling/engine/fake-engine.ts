import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { EngineEnvironment } from '../../src/engine/connect/environment';

export interface FakeEngine extends AsyncDisposable {
  /** As `DOCKER_HOST` has it. */
  host: string;
  /** The number of all connections so far. */
  taken(): number;
  /** The number of open connections. */
  open(): number;
}

/**
 * A real listening socket that plays an engine.
 *
 * @param play what happens on each connection
 * @param at a socket's path, or `loopback` for a free TCP port there
 */
export async function fakeEngine(play: (socket: Socket) => void, at: string): Promise<FakeEngine> {
  const open = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    play(socket);
  });
  await new Promise<void>((resolve) => {
    if (at === 'loopback') server.listen(0, '127.0.0.1', resolve);
    else server.listen(at, resolve);
  });
  return {
    host: at === 'loopback' ? `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix://${at}`,
    taken: () => taken,
    open: () => open.size,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Answers every request with these bytes. */
export function saying(bytes: string): (socket: Socket) => void {
  return (socket) => socket.on('data', () => socket.end(bytes));
}

/** Answers every request over HTTP. */
export function answering(status: string, body: string): (socket: Socket) => void {
  return saying(
    `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Answers every request as an engine of this version does `GET /version`. */
export function engineOf(version: string, api: string): (socket: Socket) => void {
  return answering(
    '200 OK',
    JSON.stringify({ Version: version, ApiVersion: api, MinAPIVersion: '1.12', Os: 'linux' }),
  );
}

/** An environment that names no engine and no usual socket, except those that a spec adds. */
export function bareEnvironment(
  home: string,
  differences: Partial<EngineEnvironment> = {},
): EngineEnvironment {
  return { env: {}, home, usual: [], timeout: 2000, ...differences };
}
