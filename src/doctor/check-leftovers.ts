import { findLeftovers } from '../container/leftovers';
import { fine, warning, type DoctorLine } from './report';

/** How many are named; the rest is counted. */
const named = 5;

/** What runs that were killed have left in the engine. */
export async function checkLeftovers(): Promise<DoctorLine> {
  const leftovers = await findLeftovers();
  if (leftovers.length === 0) return fine('leftovers', 'none');
  const names = leftovers.slice(0, named).map(({ kind, name }) => `${kind} ${name}`);
  const more = leftovers.length > named ? [`and ${leftovers.length - named} more`] : [];
  return warning(
    'leftovers',
    `${leftovers.length} of runs that are over: ${[...names, ...more].join(', ')}`,
    'The next run of Jest with the preset removes them, and so does: npx belljar clean',
  );
}
