import { execa } from 'execa';
import { codeOf, messageOf } from '../support/errors';
import { EngineError } from './errors';
import { parseVersion, quoted } from './version';

/** What `docker -v` says. */
export interface ClientVersion {
  /** `docker`, or `podman` where Podman answers to the name. */
  program: 'docker' | 'podman';
  /** As printed: `23.0.6`, `20.10.24+dfsg1`. */
  version: string;
  /** The commit it was built from, `ef23cbc`, where it is printed. */
  build?: string;
}

/**
 * What `docker -v` prints on this machine, taken apart; undefined where there is no `docker` on PATH. belljar itself
 * needs no client.
 *
 * @throws EngineError `CLIENT_FAILED` where it is there but fails, `VERSION_MALFORMED` where it prints something else
 */
export async function clientVersion(): Promise<ClientVersion | undefined> {
  try {
    const { stdout } = await execa('docker', ['-v'], { timeout: 10_000, stdin: 'ignore' });
    return parseClientVersion(stdout);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof EngineError) throw error;
    throw new EngineError('CLIENT_FAILED', `"docker -v" failed: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Takes apart what `docker -v` prints: `Docker version 23.0.6, build ef23cbc`, and what Podman prints in its place:
 * `podman version 4.3.1`.
 *
 * @throws EngineError `VERSION_MALFORMED`
 */
export function parseClientVersion(output: string): ClientVersion {
  const match = /^(docker|podman) version ([^\s,]+)(?:, build (\S+))?$/i.exec(output.trim());
  const [, program = '', version = '', build] = match ?? [];
  if (match === null) {
    throw new EngineError(
      'VERSION_MALFORMED',
      `This is not what "docker -v" prints: ${quoted(output)}. It looks like "Docker version 23.0.6, build ef23cbc".`,
    );
  }
  parseVersion(version);
  return {
    program: program.toLowerCase() === 'podman' ? 'podman' : 'docker',
    version,
    ...(build === undefined ? {} : { build }),
  };
}
