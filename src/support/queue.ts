/** Those who wait for something that there is too little of, in the order they came. */
export interface Queue<Value> {
  readonly length: number;
  /**
   * Waits for its turn.
   *
   * @param timeoutMs how long to wait at most. Default: as long as it takes
   * @param late what it gets then
   */
  wait(): Promise<Value>;
  wait(timeoutMs: number, late: Value): Promise<Value>;
  /** Gives the first what it waits for. */
  serve(value: Value): void;
  /** Ends the wait of the first with an error. */
  fail(error: unknown): void;
  /** Gives everyone the same. */
  serveAll(value: Value): void;
  /** Ends every wait with an error. */
  failAll(error: unknown): void;
}

interface Waiter<Value> {
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
  /** Ends the wait's timer. */
  timer: NodeJS.Timeout | undefined;
}

export function createQueue<Value>(): Queue<Value> {
  const waiting = new Set<Waiter<Value>>();
  const wait = (timeoutMs = Infinity, late?: Value): Promise<Value> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(waiter);
        resolve(late as Value);
      };
      const timer = Number.isFinite(timeoutMs) ? setTimeout(leave, timeoutMs) : undefined;
      const waiter = { resolve, reject, timer };
      waiting.add(waiter);
    });
  /** The first in the queue, or all, who wait no more. */
  const call = (count = 1): Waiter<Value>[] => {
    const called = [...waiting].slice(0, count);
    for (const waiter of called) {
      clearTimeout(waiter.timer);
      waiting.delete(waiter);
    }
    return called;
  };
  return {
    get length() {
      return waiting.size;
    },
    wait,
    serve: (value) => call().forEach(({ resolve }) => resolve(value)),
    fail: (error) => call().forEach(({ reject }) => reject(error)),
    serveAll: (value) => call(Infinity).forEach(({ resolve }) => resolve(value)),
    failAll: (error) => call(Infinity).forEach(({ reject }) => reject(error)),
  };
}
