import type { PoolLimits } from './limits';
import { createBucket, type Bucket, type Poolable } from './bucket';
import { createRemovals } from './removals';
import { elapsedTime } from '../support/time';

/** Starts items before they are needed, and hands out each once. */
export interface Pool<Item extends Poolable> {
  /**
   * Hands out a fresh item: one that was started ahead, or one that is started now if none was.
   *
   * @param key equal for items that can replace each other
   * @param start starts an item of that key
   * @throws what `start` rejects with
   */
  acquire(key: string, start: () => Promise<Item>): Promise<Item>;
  /** Waits until nothing is being started ahead. */
  settled(): Promise<void>;
  /**
   * Removes every item that was started ahead and not handed out. The pool can be used again afterwards.
   *
   * @throws AggregateError with the errors of those that could not be removed
   */
  drain(): Promise<void>;
}

/**
 * Creates an empty pool. It starts nothing ahead until a key is asked for the second time. From then on it keeps as
 * many items ready as are asked for in the time that one start takes, within its limits.
 */
export function createPool<Item extends Poolable>(limits: PoolLimits): Pool<Item> {
  const buckets = new Map<string, Bucket<Item>>();
  const removals = createRemovals(limits.removals);
  const total = (count: (bucket: Bucket<Item>) => number): number =>
    [...buckets.values()].reduce((sum, bucket) => sum + count(bucket), 0);
  const hasRoom = (): boolean =>
    total((bucket) => bucket.size()) < limits.size && total((bucket) => bucket.starting()) < limits.starts;

  /** Whether another start follows a start that is done. False while a caller waits for the pool. */
  let isRefilling = true;
  const refill = (bucket: Bucket<Item>, start: () => Promise<Item>): void => {
    while (bucket.idle() < bucket.demand.target() && hasRoom()) {
      bucket.startAhead(start, () => {
        if (isRefilling) refill(bucket, start);
      });
    }
  };
  const discard = (item: Item): void => removals.add(() => item.remove());
  /** Takes a live item of the bucket. If there is none, starts one, before any start ahead. */
  const obtain = async (bucket: Bucket<Item>, start: () => Promise<Item>): Promise<Item> => {
    for (let taken = bucket.take(); taken !== undefined; taken = bucket.take()) {
      const item = await taken;
      if (await item.isAlive()) return item;
      discard(item);
    }
    return timed(bucket, start);
  };

  return {
    acquire(key, start) {
      const bucket = buckets.get(key) ?? createBucket<Item>();
      buckets.set(key, bucket);
      bucket.demand.asked();
      isRefilling = true;
      const obtained = obtain(bucket, start);
      refill(bucket, start);
      return obtained;
    },
    async settled() {
      isRefilling = false;
      await Promise.all([...buckets.values()].map((bucket) => bucket.settled()));
    },
    async drain() {
      isRefilling = false;
      const cleared = await Promise.all([...buckets.values()].map((bucket) => bucket.clear()));
      buckets.clear();
      cleared.flat().forEach(discard);
      await removals.settled();
    },
  };
}

async function timed<Item extends Poolable>(bucket: Bucket<Item>, start: () => Promise<Item>): Promise<Item> {
  const begun = elapsedTime();
  const item = await start();
  bucket.demand.started(elapsedTime() - begun);
  return item;
}
