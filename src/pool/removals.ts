/** Removals in the background. */
export interface Removals {
  /** Adds a removal to the queue. */
  add(remove: () => Promise<void>): void;
  /**
   * Waits until all removals are done.
   *
   * @throws AggregateError with the errors of those that failed since the last call
   */
  settled(): Promise<void>;
}

/** @param limit maximum of removals that run at once */
export function createRemovals(limit: number): Removals {
  const queue: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const next = (): void => {
    const remove = running.size < limit ? queue.shift() : undefined;
    if (remove === undefined) return;
    const removal = remove()
      .catch((error: unknown) => void errors.push(error))
      .finally(() => {
        running.delete(removal);
        next();
      });
    running.add(removal);
    next();
  };
  return {
    add(remove) {
      queue.push(remove);
      next();
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
      if (errors.length > 0) throw new AggregateError(errors.splice(0), 'Containers could not be removed');
    },
  };
}
