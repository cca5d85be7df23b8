import { clientVersion } from '../engine/client-version';
import { messageOf } from '../support/errors';
import { fine, warning, type DoctorLine } from './report';

/** Looks for the `docker` program. belljar does not need it, but people and scripts under test may. */
export async function checkClient(): Promise<DoctorLine> {
  const name = 'docker client';
  try {
    const client = await clientVersion();
    if (client === undefined) return fine(name, 'there is none on PATH; belljar does not need it');
    const build = client.build === undefined ? '' : `, build ${client.build}`;
    return fine(name, `${client.program} ${client.version}${build}`);
  } catch (error) {
    return warning(name, messageOf(error), 'belljar does not need the client. If you do, reinstall it.');
  }
}
