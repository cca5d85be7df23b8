import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { cutShort, readFrames } from '../../engine/framed-stream';
import { onAbort } from '../../support/on-abort';
import { statusOf } from '../../support/errors';
import type { Transport } from '../transport';
import { transfer } from './exec';

/**
 * Attaches to process 1 of a container that has not started yet, so that no output is missed. The caller destroys the
 * connection.
 *
 * Source: Docker Engine API, "Attach to a container".
 *
 * @param input whether input follows
 */
export async function attach(container: Docker.Container, input: boolean): Promise<Duplex> {
  const streams = { stream: true, stdin: input, stdout: true, stderr: true };
  const connection: unknown = await container.attach({ ...streams, hijack: true });
  return connection as Duplex;
}

/**
 * Creates the transport whose only command is process 1 of a container: it brings the input there, and the output and
 * the exit code back.
 *
 * @param connection attached before the start
 */
export function createAttachedTransport(container: StartedContainer, connection: Duplex): Transport {
  return async ({ input, onOutput, stop }) => {
    const stopped = onAbort(stop, () => killContainer(container.docker));
    const removed = onAbort(container.removal, () => void connection.destroy());
    const frames = readFrames(connection, onOutput);
    try {
      await transfer(connection, input, () => Promise.resolve(true));
      container.removal.throwIfAborted();
      if (!frames.isWhole()) throw cutShort();
      const { StatusCode } = (await container.docker.wait()) as { StatusCode: number };
      await stopped.result();
      return { exitCode: StatusCode };
    } finally {
      stopped.forget();
      removed.forget();
      connection.destroy();
    }
  };
}

async function killContainer(container: Docker.Container): Promise<void> {
  try {
    await container.kill();
  } catch (error) {
    // Engine API, "Kill a container": 409 if it is not running. It has just ended by itself.
    if (statusOf(error) !== 409) throw error;
  }
}
