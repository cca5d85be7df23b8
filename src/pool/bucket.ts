import { createQueue } from '../support/queue';
import { trackDemand } from './demand';
import { elapsedTime } from '../support/time';

/** An item of a pool: it takes time to start, and may die before it is needed. */
export interface Poolable {
  /** Returns whether the item can still be handed out. */
  isAlive(): Promise<boolean>;
  /** Removes the item for good. */
  remove(): Promise<void>;
}

/** A pool's items of one key. */
export interface Bucket<Item extends Poolable> {
  readonly demand: ReturnType<typeof trackDemand>;
  /** Returns how many items are ready or being started, and not promised to a caller yet. */
  idle(): number;
  /** Returns how many items are ready or being started. */
  size(): number;
  /** Returns how many items are being started. */
  starting(): number;
  /** Takes a ready item, or one that is being started; undefined if all are promised to other callers. */
  take(): Promise<Item> | undefined;
  /**
   * Starts an item ahead.
   *
   * @param onStarted called once it has started
   */
  startAhead(start: () => Promise<Item>, onStarted: () => void): void;
  /** Waits until all starts have succeeded or failed. */
  settled(): Promise<void>;
  /** Waits for all starts, and takes every ready item. */
  clear(): Promise<Item[]>;
}

export function createBucket<Item extends Poolable>(): Bucket<Item> {
  const demand = trackDemand();
  const ready: Item[] = [];
  const starting = new Set<Promise<void>>();
  const queue = createQueue<Item>();
  const settled = async (): Promise<void> => {
    await Promise.all(starting);
  };
  return {
    demand,
    idle: () => ready.length + starting.size - queue.length,
    size: () => ready.length + starting.size,
    starting: () => starting.size,
    take() {
      const item = ready.shift();
      if (item) return Promise.resolve(item);
      return queue.length < starting.size ? queue.wait() : undefined;
    },
    startAhead(start, onStarted) {
      const begun = elapsedTime();
      const work = start().then(
        (item) => {
          starting.delete(work);
          demand.started(elapsedTime() - begun);
          if (queue.length > 0) queue.serve(item);
          else ready.push(item);
          onStarted();
        },
        (error: unknown) => {
          starting.delete(work);
          // If no caller waits, the next caller starts an item itself, and gets its own error.
          queue.fail(error);
        },
      );
      starting.add(work);
    },
    settled,
    async clear() {
      await settled();
      return ready.splice(0);
    },
  };
}
