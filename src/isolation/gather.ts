import { messageOf } from '../support/errors';
import { IsolationError } from './errors';
import type { Evidence } from './evidence';

/** What is looked at, as it reads in evidence of having been unable to. */
export interface EvidenceTemplate<Check extends string> {
  check: Check;
  expected: string;
  how: string;
}

/**
 * Gathers evidence by looking. What can't be looked at is evidence too: of nothing. Every other error is thrown.
 *
 * @param obstacle why there is no use in looking, where that is known before
 */
export async function gatherIfPossible<Check extends string>(
  sought: EvidenceTemplate<Check>,
  obstacle: string | undefined,
  look: () => Promise<Evidence<Check>[]>,
): Promise<Evidence<Check>[]> {
  if (obstacle !== undefined) return [{ ...sought, status: 'unknown', found: obstacle }];
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof IsolationError) || error.code !== 'CANNOT_LOOK') throw error;
    return [{ ...sought, status: 'unknown', found: messageOf(error) }];
  }
}
