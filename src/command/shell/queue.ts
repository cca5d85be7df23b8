/** Those who wait for something that there is too little of, in the order they came. */
export interface Queue<Value> {
  readonly length: number;
  /** @returns undefined once `patience` milliseconds are over */
  wait(patience: number): Promise<Value | undefined>;
  /** Gives the first in the queue what it waits for. */
  serve(value: Value | undefined): void;
  /** Ends every wait: nothing will come. */
  dismiss(error?: Error): void;
}

export function createQueue<Value>(): Queue<Value> {
  const waiting = new Set<(value: Value | undefined, error?: Error) => void>();
  return {
    get length() {
      return waiting.size;
    },
    wait: (patience) =>
      new Promise((resolve, reject) => {
        const end = (value: Value | undefined, error?: Error): void => {
          clearTimeout(timer);
          waiting.delete(end);
          if (error === undefined) resolve(value);
          else reject(error);
        };
        const timer = Number.isFinite(patience) ? setTimeout(() => end(undefined), patience) : undefined;
        waiting.add(end);
      }),
    serve: (value) => waiting.values().next().value?.(value),
    dismiss: (error) => {
      for (const end of waiting) end(undefined, error);
    },
  };
}
