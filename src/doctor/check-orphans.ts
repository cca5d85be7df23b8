import { findOrphans, listNames } from '../ownership/orphans';
import { fine, warning, type DoctorLine } from './report';

/** Looks for resources of dead runs. Retained containers are not among them: their user wants them. */
export async function checkOrphans(): Promise<DoctorLine> {
  const orphans = (await findOrphans()).filter(({ retained }) => !retained);
  if (orphans.length === 0) return fine('orphans', 'none');
  return warning(
    'orphans',
    `${orphans.length} of killed runs: ${listNames(orphans)}`,
    'The next run of Jest with the preset removes them. To remove them now: npx belljar clean',
  );
}
