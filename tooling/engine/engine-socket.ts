import { realpath } from 'node:fs/promises';
import { connectEngine } from '../../src/engine/connect/connection';

/** The path of the socket that the engine of this run listens on. */
export async function engineSocket(): Promise<string> {
  const { endpoint } = await connectEngine();
  return realpath(endpoint.host.replace(/^unix:\/\//, ''));
}
