import { realpath } from 'node:fs/promises';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';

/**
 * The path of the socket that the engine of this run listens on. Where the engine is elsewhere, the path of the usual
 * socket, which belljar then can't see.
 */
export async function engineSocket(): Promise<string> {
  const { endpoint } = await connectEngine();
  const path = socketPathOf(endpoint.host);
  return path === undefined ? '/run/docker.sock' : realpath(path);
}
