import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../../support/errors';
import { PrivateEngineError } from '../../errors';

/** PATH with the directories of administration in it, which root has not on every machine (after `su`, for one). */
export function searchPath(): string {
  const known = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  const more = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return [...new Set([...known, ...more])].join(delimiter);
}

/** Where a program is, or undefined. A name with a slash is a path already. */
export function findProgram(program: string): string | undefined {
  const places = program.includes('/')
    ? [program]
    : searchPath()
        .split(delimiter)
        .map((directory) => join(directory, program));
  return places.find((place) => existsSync(place));
}

/**
 * Runs one of the system's programs to its end and gives its standard output.
 *
 * @param input what it reads on standard input
 * @throws PrivateEngineError `PRIVATE_ENGINE_SYSTEM` with what it printed, where it fails
 */
export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, PATH: searchPath(), LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(systemError([program, ...args].join(' '), stderr.trim() || messageOf(error), error));
    });
    // A program that does not read its input closes it; what matters is how it ends.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function systemError(command: string, said: string, cause: Error): PrivateEngineError {
  return new PrivateEngineError('PRIVATE_ENGINE_SYSTEM', `${command} failed: ${said}`, { cause });
}
