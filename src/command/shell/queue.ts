/** Callers that wait for a value, in the order they came. */
export interface Queue<Value> {
  readonly length: number;
  /**
   * Waits for a value.
   *
   * @param timeoutMs in milliseconds; Infinity waits forever
   * @returns undefined when the timeout is over
   */
  wait(timeoutMs: number): Promise<Value | undefined>;
  /** Gives a value to the first caller in the queue. */
  serve(value: Value | undefined): void;
  /** Ends every wait: it rejects with the error, or returns undefined. */
  dismiss(error?: Error): void;
}

export function createQueue<Value>(): Queue<Value> {
  const waiting = new Set<(value: Value | undefined, error?: Error) => void>();
  return {
    get length() {
      return waiting.size;
    },
    wait: (timeoutMs) =>
      new Promise((resolve, reject) => {
        const end = (value: Value | undefined, error?: Error): void => {
          clearTimeout(timer);
          waiting.delete(end);
          if (error === undefined) resolve(value);
          else reject(error);
        };
        const timer = Number.isFinite(timeoutMs) ? setTimeout(() => end(undefined), timeoutMs) : undefined;
        waiting.add(end);
      }),
    serve: (value) => waiting.values().next().value?.(value),
    dismiss: (error) => {
      for (const end of waiting) end(undefined, error);
    },
  };
}
