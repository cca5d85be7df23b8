import { createServer, type Server } from 'node:net';
import { codeOf } from '../../support/errors';
import { poll } from '../../support/poll';

/** As long as somebody else may take to start or stop an engine. */
const acquireTimeoutMs = 120_000;

/**
 * Runs `action` while no other process of this machine, nor another caller in this one, runs one under the same name.
 *
 * The lock is an abstract socket (unix(7)): the kernel lets one process bind it, and frees it when that one is gone,
 * however it went. So there is never a stale lock to judge.
 */
export async function withLock<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  const lock = await poll(() => tryLock(name), {
    for: `the lock "${name}", which another belljar run holds`,
    timeout: acquireTimeoutMs,
  });
  return runHolding(lock, action);
}

/** As {@link withLock}, but where the lock is taken it does nothing. */
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
