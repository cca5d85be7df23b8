import type { PoolLimits } from './limits';
import { createBucket, type Bucket, type Poolable } from './bucket';
import { createRemovals } from './removals';

/** Starts things ahead of need, and hands each out once, for good. */
export interface Pool<Item extends Poolable> {
  /**
   * A fresh thing for the caller alone: one that was started ahead where there is one, else one that is started now.
   *
   * @param key tells kinds apart; things of different kinds never stand for each other
   * @param start starts one of that kind
   * @throws whatever `start` rejects with
   */
  acquire(key: string, start: () => Promise<Item>): Promise<Item>;
  /** Waits until nothing is being started ahead. */
  settled(): Promise<void>;
  /** Removes everything that was started ahead and not handed out. The pool can be used again afterwards. */
  drain(): Promise<void>;
}

/**
 * An empty pool. It starts nothing until a kind is asked for the second time; from then on it keeps as many ready as
 * are asked for in the time that starting one takes, within its limits.
 */
export function createPool<Item extends Poolable>(limits: PoolLimits): Pool<Item> {
  const buckets = new Map<string, Bucket<Item>>();
  const removals = createRemovals(limits.removals);
  const total = (count: (bucket: Bucket<Item>) => number): number =>
    [...buckets.values()].reduce((sum, bucket) => sum + count(bucket), 0);
  const hasRoom = (): boolean =>
    total((bucket) => bucket.size()) < limits.size && total((bucket) => bucket.starting()) < limits.starts;

  /** Whether another start follows one that is done: not once the pool is waited for. */
  let goesOn = true;
  const refill = (bucket: Bucket<Item>, start: () => Promise<Item>): void => {
    while (bucket.idle() < bucket.demand.target() && hasRoom()) {
      bucket.startAhead(start, () => {
        if (goesOn) refill(bucket, start);
      });
    }
  };
  const discard = (item: Item): void => removals.add(() => item.remove());
  /** A live one from the shelf; where there is none, one is started, before any that is only for later. */
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
      goesOn = true;
      const obtained = obtain(bucket, start);
      refill(bucket, start);
      return obtained;
    },
    async settled() {
      goesOn = false;
      await Promise.all([...buckets.values()].map((bucket) => bucket.settled()));
    },
    async drain() {
      goesOn = false;
      const cleared = await Promise.all([...buckets.values()].map((bucket) => bucket.clear()));
      buckets.clear();
      cleared.flat().forEach(discard);
      await removals.settled();
    },
  };
}

async function timed<Item extends Poolable>(bucket: Bucket<Item>, start: () => Promise<Item>): Promise<Item> {
  const begun = performance.now();
  const item = await start();
  bucket.demand.started(performance.now() - begun);
  return item;
}
