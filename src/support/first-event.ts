import { once, type EventEmitter } from 'node:events';

/**
 * Waits for whichever event comes first, and leaves no listener behind.
 *
 * @throws what the emitter's `error` event has, where that comes first
 */
export async function firstEvent(emitter: EventEmitter, events: readonly string[]): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race(events.map((event) => once(emitter, event, { signal: over.signal })));
  } finally {
    over.abort();
  }
}
