import { existsSync } from 'node:fs';
import { connectEngine } from '../engine/connection';
import { statusOf } from '../support/errors';
import { fine, problem, warning, type DoctorLine } from './report';

const name = 'default image';
const defaultReference = 'ubuntu:20.04';

/** The image that containers are made from where none is named: in the engine, or how it will come. */
export async function checkImage(): Promise<DoctorLine> {
  if (await isPresent(defaultReference)) return fine(name, `${defaultReference} is in the engine`);

  const archive = process.env.BELLJAR_IMAGE_ARCHIVE;
  if (archive) return archiveLine(archive);

  const standIn = process.env.BELLJAR_STAND_IN;
  if (standIn) return standInLine(standIn);

  return warning(
    name,
    `${defaultReference} is not in the engine; the first run pulls it`,
    `Pull it ahead: docker pull ${defaultReference}. Without a registry: BELLJAR_IMAGE_ARCHIVE=saved.tar.`,
  );
}

function archiveLine(archive: string): DoctorLine {
  if (existsSync(archive)) return fine(name, `${defaultReference} will be loaded from ${archive}`);
  const advice = `Make it where the image is: docker save --output ${archive} ${defaultReference}`;
  return problem(
    name,
    `${defaultReference} should come from BELLJAR_IMAGE_ARCHIVE=${archive}, which is not there`,
    advice,
  );
}

async function standInLine(standIn: string): Promise<DoctorLine> {
  const found = `${standIn} stands in for ${defaultReference} (BELLJAR_STAND_IN)`;
  return (await isPresent(standIn))
    ? warning(name, found, 'Specs that need Ubuntu itself are skipped.')
    : problem(
        name,
        `${found}, but is not in the engine`,
        'Build it as the README says, or unset BELLJAR_STAND_IN.',
      );
}

async function isPresent(reference: string): Promise<boolean> {
  const { docker } = await connectEngine();
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
