import type { PoolLimits } from './limits';
import { createShelf, type Shelf } from './bucket';
import { createRemovals } from './removals';

/** What a pool keeps: something that takes time to start, and may die before it is wanted. */
export interface Poolable {
  /** Whether it can still be handed out. */
  isAlive(): Promise<boolean>;
  /** Ends it. */
  remove(): Promise<void>;
}

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
  const shelves = new Map<string, Shelf<Item>>();
  const removals = createRemovals(limits.removals);
  const total = (count: (shelf: Shelf<Item>) => number): number =>
    [...shelves.values()].reduce((sum, shelf) => sum + count(shelf), 0);
  const hasRoom = (): boolean =>
    total((shelf) => shelf.size()) < limits.stock && total((shelf) => shelf.starting()) < limits.starts;

  /** Whether another start follows one that is done: not once the pool is waited for. */
  let goesOn = true;
  const refill = (shelf: Shelf<Item>, start: () => Promise<Item>): void => {
    while (shelf.spare() < shelf.demand.wanted() && hasRoom()) {
      shelf.startAhead(start, () => {
        if (goesOn) refill(shelf, start);
      });
    }
  };
  const discard = (item: Item): void => removals.add(() => item.remove());
  /** A live one from the shelf; where there is none, one is started, before any that is only for later. */
  const obtain = async (shelf: Shelf<Item>, start: () => Promise<Item>): Promise<Item> => {
    for (let taken = shelf.take(); taken !== undefined; taken = shelf.take()) {
      const item = await taken;
      if (await item.isAlive()) return item;
      discard(item);
    }
    return timed(shelf, start);
  };

  return {
    acquire(key, start) {
      const shelf = shelves.get(key) ?? createShelf<Item>();
      shelves.set(key, shelf);
      shelf.demand.asked();
      goesOn = true;
      const obtained = obtain(shelf, start);
      refill(shelf, start);
      return obtained;
    },
    async settled() {
      goesOn = false;
      await Promise.all([...shelves.values()].map((shelf) => shelf.settled()));
    },
    async drain() {
      goesOn = false;
      const cleared = await Promise.all([...shelves.values()].map((shelf) => shelf.clear()));
      shelves.clear();
      cleared.flat().forEach(discard);
      await removals.settled();
    },
  };
}

async function timed<Item extends Poolable>(shelf: Shelf<Item>, start: () => Promise<Item>): Promise<Item> {
  const begun = performance.now();
  const item = await start();
  shelf.demand.started(performance.now() - begun);
  return item;
}
