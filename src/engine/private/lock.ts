import { createServer, type Server } from 'node:net';
import { codeOf } from '../../support/errors';
import { poll } from '../../support/poll';

/** How long to wait for a lock, in milliseconds: another process may take that long to start or stop an engine. */
const acquireTimeoutMs = 120_000;

/**
 * Runs `action` while holding the lock `name`, which excludes other processes of this machine and other callers.
 *
 * The lock is an abstract socket (unix(7)). The kernel lets one process bind it, and frees it when that process ends,
 * however it ends. So a lock never outlives its process.
 */
export async function withLock<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  const lock = await poll(() => tryLock(name), {
    for: `the lock "${name}", which another belljar run holds`,
    timeout: acquireTimeoutMs,
  });
  return runHolding(lock, action);
}

/** Works as {@link withLock}, but does nothing if the lock is taken. */
export async function withLockIfFree(name: string, action: () => Promise<void>): Promise<void> {
  const lock = await tryLock(name);
  if (lock !== undefined) await runHolding(lock, action);
}

async function runHolding<Result>(lock: Server, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (codeOf(error) === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen({ path: `\0${name}`, exclusive: true }, () => resolve(server));
  });
}
