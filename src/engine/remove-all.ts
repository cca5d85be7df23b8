import { statusOf } from '../support/errors';

/** The number of removals at once. More would only wait in the engine. */
const atOnce = 8;

/** Runs removals, a limited number at once. */
export async function removeAll(removals: readonly (() => Promise<unknown>)[]): Promise<void> {
  const waiting = removals.values();
  const removeNext = async (): Promise<void> => {
    for (const remove of waiting) await remove();
  };
  await Promise.all(Array.from({ length: atOnce }, removeNext));
}

/** Rethrows an error unless it means that the resource is gone (404), or that another client is removing it (409). */
export function acceptGone(error: unknown): void {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}
