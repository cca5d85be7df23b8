import { once, type EventEmitter } from 'node:events';

/**
 * Waits for the first of several events, and removes its listeners.
 *
 * @throws the error of the emitter's `error` event, if that comes first
 */
export async function firstEvent(emitter: EventEmitter, events: readonly string[]): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race(events.map((event) => once(emitter, event, { signal: over.signal })));
  } finally {
    over.abort();
  }
}
