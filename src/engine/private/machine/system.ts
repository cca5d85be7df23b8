import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../../support/errors';
import { PrivateEngineError } from '../../errors';

/** Returns PATH with the directories of system programs, which root's PATH may lack (after `su`, for example). */
export function searchPath(): string {
  const known = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  const more = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return [...new Set([...known, ...more])].join(delimiter);
}

/** Returns the path of a program, or undefined if it is missing. A name with a slash is a path already. */
export function findProgram(program: string): string | undefined {
  const places = program.includes('/')
    ? [program]
    : searchPath()
        .split(delimiter)
        .map((directory) => join(directory, program));
  return places.find((place) => existsSync(place));
}

/**
 * Runs a system program to its end and returns its standard output.
 *
 * @param input the program's standard input. Default: empty
 * @throws PrivateEngineError `PRIVATE_ENGINE_SYSTEM`, with the program's standard error, if it fails
 */
export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, PATH: searchPath(), LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(systemError([program, ...args].join(' '), stderr.trim() || messageOf(error), error));
    });
    // A program that does not read its input closes it. That is not an error: the exit code decides.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function systemError(command: string, said: string, cause: Error): PrivateEngineError {
  return new PrivateEngineError('PRIVATE_ENGINE_SYSTEM', `${command} failed: ${said}`, { cause });
}
