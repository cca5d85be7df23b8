import { findOrphans, listNames } from '../ownership/orphans';
import { fine, warning, type DoctorLine } from './report';

/** What runs that were killed have left in the engine. */
export async function checkLeftovers(): Promise<DoctorLine> {
  const leftovers = (await findOrphans()).filter(({ retained: kept }) => !kept);
  if (leftovers.length === 0) return fine('leftovers', 'none');
  return warning(
    'leftovers',
    `${leftovers.length} of runs that are over: ${listNames(leftovers)}`,
    'The next run of Jest with the preset removes them, and so does: npx belljar clean',
  );
}
