import { clientVersion } from '../engine/client-version';
import { messageOf } from '../support/errors';
import { fine, warning, type DoctorLine } from './report';

/** The `docker` program. belljar does without; people and scripts under test may not. */
export async function checkClient(): Promise<DoctorLine> {
  const name = 'docker client';
  try {
    const client = await clientVersion();
    if (client === undefined) return fine(name, 'none on PATH; belljar needs none');
    const build = client.build === undefined ? '' : `, build ${client.build}`;
    return fine(name, `${client.program} ${client.version}${build}`);
  } catch (error) {
    return warning(name, messageOf(error), 'belljar needs no client; reinstall it if you do.');
  }
}
