import { execa } from 'execa';
import { codeOf, messageOf } from '../support/errors';
import { EngineError } from './errors';
import { parseVersion, quoted } from './version';

/** The name and version of the `docker` client. */
export interface ClientVersion {
  /** `docker`, or `podman` if Podman is installed under that name. */
  program: 'docker' | 'podman';
  /** As the client prints it: `23.0.6`, `20.10.24+dfsg1`. */
  version: string;
  /** The commit that the client was built from, such as `ef23cbc`, if the client prints it. */
  build?: string;
}

/**
 * Runs `docker -v` on this machine and parses its output. belljar itself does not need the client.
 *
 * @returns undefined if there is no `docker` on PATH
 * @throws EngineError `CLIENT_FAILED` if the client fails, `VERSION_MALFORMED` if it prints something else
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
 * Parses the output of `docker -v`: `Docker version 23.0.6, build ef23cbc`, or Podman's `podman version 4.3.1`.
 *
 * @throws EngineError `VERSION_MALFORMED`
 */
export function parseClientVersion(output: string): ClientVersion {
  const match = /^(docker|podman) version ([^\s,]+)(?:, build (\S+))?$/i.exec(output.trim());
  const [, program = '', version = '', build] = match ?? [];
  if (match === null) {
    throw new EngineError(
      'VERSION_MALFORMED',
      `This is not the output of "docker -v": ${quoted(output)}. ` +
        'The output looks like "Docker version 23.0.6, build ef23cbc".',
    );
  }
  parseVersion(version);
  return {
    program: program.toLowerCase() === 'podman' ? 'podman' : 'docker',
    version,
    ...(build === undefined ? {} : { build }),
  };
}
