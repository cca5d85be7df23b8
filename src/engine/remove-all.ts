import { statusOf } from '../support/errors';

/** How many removals an engine gets at once; more only wait in it. */
const atOnce = 8;

/** Runs removals, so many at once. */
export async function removeAll(removals: readonly (() => Promise<unknown>)[]): Promise<void> {
  const waiting = removals.values();
  const removeNext = async (): Promise<void> => {
    for (const remove of waiting) await remove();
  };
  await Promise.all(Array.from({ length: atOnce }, removeNext));
}

/** 404: it is gone already. 409: somebody is removing it. */
export function acceptGone(error: unknown): void {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}
