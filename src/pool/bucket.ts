import { trackDemand } from './demand';

/** What a pool keeps: something that takes time to start, and may die before it is wanted. */
export interface Poolable {
  /** Whether it can still be handed out. */
  isAlive(): Promise<boolean>;
  /** Ends it. */
  remove(): Promise<void>;
}

/** The stock of one kind of thing. */
export interface Bucket<Item extends Poolable> {
  readonly demand: ReturnType<typeof trackDemand>;
  /** How many are ready or being started, and not promised to anyone yet. */
  idle(): number;
  /** How many are ready or being started. */
  size(): number;
  /** How many are being started. */
  starting(): number;
  /** A ready one, or the promise of one that is being started; undefined where all are spoken for. */
  take(): Promise<Item> | undefined;
  /**
   * Starts one ahead.
   *
   * @param onStarted called once it is there
   */
  startAhead(start: () => Promise<Item>, onStarted: () => void): void;
  /** Waits until what is being started is there, or has failed. */
  settled(): Promise<void>;
  /** Takes everything off, once what is being started has been. */
  clear(): Promise<Item[]>;
}

export function createBucket<Item extends Poolable>(): Bucket<Item> {
  const demand = trackDemand();
  const ready: Item[] = [];
  const starting = new Set<Promise<void>>();
  const waiting: Waiter<Item>[] = [];
  const settled = async (): Promise<void> => {
    await Promise.all(starting);
  };
  return {
    demand,
    idle: () => ready.length + starting.size - waiting.length,
    size: () => ready.length + starting.size,
    starting: () => starting.size,
    take() {
      const item = ready.shift();
      if (item) return Promise.resolve(item);
      if (waiting.length >= starting.size) return undefined;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    startAhead(start, onStarted) {
      const begun = performance.now();
      const work = start().then(
        (item) => {
          starting.delete(work);
          demand.started(performance.now() - begun);
          const next = waiting.shift();
          if (next) next.resolve(item);
          else ready.push(item);
          onStarted();
        },
        (error: unknown) => {
          starting.delete(work);
          // Nobody's error while nobody waits: whoever asks next starts one, and gets an error of their own.
          waiting.shift()?.reject(error);
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

interface Waiter<Item> {
  resolve: (item: Item) => void;
  reject: (error: unknown) => void;
}
