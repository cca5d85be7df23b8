import type { Box } from '../../box/box';
import { isPlain, parentOf, printablePath, trimmed } from '../../filesystem/path';
import { codeOf, InvalidOptionError } from '../../support/errors';
import type { Aspect } from './file-aspects';
import { lsLine } from '../support/ls-line';

/** Prints the user, then the first argument that the user may not execute or, if it is a directory, enter. */
const script = `echo "$(id 2>/dev/null)"; for path do [ -x "$path" ] || { printf %s "$path"; exit 0; }; done`;

/**
 * Checks if a user may execute a file. The kernel answers to a command of that user, so modes, ownership, groups,
 * access control lists, mount options and the directories above the file all count.
 *
 * @throws InvalidOptionError if the container has no such user, and for a path that is not UTF-8, which can't be an
 * argument of a command
 */
export async function executableAspect(box: Box, path: string, user: string | number): Promise<Aspect> {
  if (!isPlain(path)) {
    throw new InvalidOptionError(
      'executableBy',
      'can be checked only for a path that is valid UTF-8',
      printablePath(path),
    );
  }
  const [who, obstacle] = await firstObstacle(box, path, String(user));
  const aspect = { name: 'executableBy', passes: obstacle === '', expected: String(user) };
  if (aspect.passes) return { ...aspect, found: `${user} may execute it` };
  if (obstacle === path) return { ...aspect, found: `${user} may not execute it`, evidence: who };
  const line = lsLine(await box.files.stat(obstacle), obstacle);
  return {
    ...aspect,
    found: `${user} may not enter ${printablePath(obstacle)}`,
    evidence: `${line}\n${who}`,
  };
}

/** Returns the output of `id`, and the first path that the user may not execute or enter: empty if there is none. */
async function firstObstacle(box: Box, path: string, user: string): Promise<[who: string, obstacle: string]> {
  try {
    const options = { user, cwd: '/', stripFinalNewline: false };
    const { stdout } = await box.run('/bin/sh', ['-c', script, 'sh', ...stepsTo(path)], options);
    const end = stdout.indexOf('\n');
    return [stdout.slice(0, end), stdout.slice(end + 1)];
  } catch (error) {
    if (codeOf(error) !== 'USER_NOT_FOUND') throw error;
    throw new InvalidOptionError('executableBy', 'must be a user that the container has', user);
  }
}

/** Lists the directories above a path, from the root, and the path itself. */
function stepsTo(path: string): string[] {
  const steps = [path];
  for (let at = trimmed(path); at !== '/'; at = parentOf(at)) steps.unshift(parentOf(at));
  return [...new Set(steps)];
}
