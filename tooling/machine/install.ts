import { execa } from 'execa';
import { BelljarError, codeOf } from '../../src/support/errors';

/**
 * Installs packages of the machine's distribution. Says so before.
 *
 * @param say prints the step
 * @throws BelljarError `SET_UP_IMPOSSIBLE`, with what apt-get printed
 */
export async function install(packages: readonly string[], say: (step: string) => void): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, stdin: 'ignore', all: true } as const;
  const command = ['install', '-y', '--no-install-recommends', ...packages];
  say(`installing: apt-get update && apt-get ${command.join(' ')}`);
  try {
    await execa('apt-get', ['update'], options);
    await execa('apt-get', command, options);
  } catch (cause) {
    const reason =
      codeOf(cause) === 'ENOENT' ? 'there is no apt-get' : String((cause as { all?: string }).all);
    throw new BelljarError('SET_UP_IMPOSSIBLE', `Could not install ${packages.join(' ')}: ${reason}`, {
      cause,
    });
  }
}
