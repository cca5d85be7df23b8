import { existsSync } from 'node:fs';
import { archivePaths } from '../image/sources/archive';
import { defaultImage, planImage } from '../image/sources/resolve';
import { codeOf, messageOf } from '../support/errors';
import { fine, problem, warning, type DoctorLine } from './report';

const name = 'default image';

/** Checks whether the default image is in the engine, or says how it will get there. */
export async function checkImage(): Promise<DoctorLine> {
  const missing = archivePaths().find((path) => !existsSync(path));
  if (missing !== undefined) return archiveMissing(missing);
  try {
    return await planLine();
  } catch (error) {
    if (codeOf(error) !== 'IMAGE_ARCHIVE_UNUSABLE') throw error;
    return problem(name, messageOf(error), makeArchive(process.env.BELLJAR_IMAGE_ARCHIVE ?? 'saved.tar'));
  }
}

async function planLine(): Promise<DoctorLine> {
  const { source, reference, archive = '' } = await planImage();
  const standIn = process.env.BELLJAR_STAND_IN;
  switch (source) {
    case 'present':
      return fine(name, `${reference} is in the engine`);
    case 'archive':
      return fine(name, `${defaultImage} will be loaded from ${archive}`);
    case 'stand-in':
      return warning(
        name,
        `${reference} stands in for ${defaultImage} (BELLJAR_STAND_IN)`,
        'Specs that need Ubuntu itself are skipped.',
      );
    case 'pull':
      return standIn ? standInMissing(standIn) : pullLine(reference);
  }
}

function pullLine(reference: string): DoctorLine {
  return warning(
    name,
    `${reference} is not in the engine; the first run pulls it`,
    `Pull it now: docker pull ${reference}. Without a registry, set BELLJAR_IMAGE_ARCHIVE=saved.tar.`,
  );
}

function standInMissing(standIn: string): DoctorLine {
  return problem(
    name,
    `${standIn} stands in for ${defaultImage} (BELLJAR_STAND_IN), but is not in the engine`,
    'Load or build that image, or unset BELLJAR_STAND_IN.',
  );
}

function archiveMissing(archive: string): DoctorLine {
  return problem(
    name,
    `${defaultImage} should come from BELLJAR_IMAGE_ARCHIVE=${archive}, which is not there`,
    makeArchive(archive),
  );
}

function makeArchive(archive: string): string {
  return `Make the archive on a machine that has the image: docker save --output ${archive} ${defaultImage}`;
}
