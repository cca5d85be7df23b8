import { finished } from 'node:stream/promises';
import { codeOf } from '../support/errors';

/** Waits until the engine has sent all output, or the connection is gone. */
export async function ended(stream: NodeJS.ReadableStream): Promise<void> {
  try {
    await finished(stream, { writable: false });
  } catch (error) {
    if (!isClosedEarly(error)) throw error;
  }
}

/**
 * Returns whether an error says that a connection was closed before its end: the container or the engine is gone. The
 * state, which the caller reads next, tells which.
 */
export function isClosedEarly(error: unknown): boolean {
  return codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE' || codeOf(error) === 'ECONNRESET';
}
