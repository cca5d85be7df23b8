/**
 * Does something with each item, so many at a time.
 *
 * @throws AggregateError with every error, once all have been tried
 */
export async function runBounded<Item>(
  limit: number,
  items: Iterable<Item>,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  // One iterator for all workers: each takes the next item when it is done with its last.
  const rest = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      await act(next.value).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} could not be removed`);
}
