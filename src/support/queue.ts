import { clearTimeout, setTimeout } from './time';

/** The waiting callers for a scarce value, in the order of their calls. */
export interface Queue<Value> {
  readonly length: number;
  /**
   * Waits for a value.
   *
   * @param timeoutMs the maximum wait, in milliseconds. Default: no maximum
   * @param late the value after the timeout
   */
  wait(): Promise<Value>;
  wait(timeoutMs: number, late: Value): Promise<Value>;
  /** Gives the value to the first caller. */
  serve(value: Value): void;
  /** Ends the wait of the first caller with an error. */
  fail(error: unknown): void;
  /** Gives the same value to all callers. */
  serveAll(value: Value): void;
  /** Ends every wait with an error. */
  failAll(error: unknown): void;
}

interface Waiter<Value> {
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
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
  /** Takes callers off the queue. */
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
