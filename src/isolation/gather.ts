import { messageOf } from '../support/errors';
import { IsolationError } from './errors';
import type { Evidence } from './evidence';

/** The parts of evidence that are the same if the check could not be made. */
export interface EvidenceTemplate<Check extends string> {
  check: Check;
  expected: string;
  how: string;
}

/**
 * Gathers evidence, or says why that is impossible: then the only evidence has the status `unknown`.
 *
 * @param obstacle why the check is impossible, if that is known before
 * @throws the other errors of `gather`
 */
export async function gatherIfPossible<Check extends string>(
  template: EvidenceTemplate<Check>,
  obstacle: string | undefined,
  gather: () => Promise<Evidence<Check>[]>,
): Promise<Evidence<Check>[]> {
  if (obstacle !== undefined) return [{ ...template, status: 'unknown', found: obstacle }];
  try {
    return await gather();
  } catch (error) {
    if (!(error instanceof IsolationError) || error.code !== 'CANNOT_LOOK') throw error;
    return [{ ...template, status: 'unknown', found: messageOf(error) }];
  }
}
