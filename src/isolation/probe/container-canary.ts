import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../support/errors';
import { IsolationError } from '../errors';
import type { InspectResult } from '../subject';
import { runProbeScript, type ContainerProbe } from './container-probe';

/** A file with an unguessable name in a container, in several directories outside of the writable layer. */
export interface ContainerCanary {
  /** The file's name, the same in every directory. */
  readonly name: string;
  /** The directories in the container that hold it. */
  readonly directories: readonly string[];
  /** The file's full path in each of these directories. */
  readonly paths: readonly string[];
  /**
   * Removes the file from every directory: by a command in the container, and by this machine's paths of its mounts.
   *
   * @throws IsolationError `CANNOT_LOOK` if the file may be left somewhere
   */
  remove(): Promise<void>;
}

const plantScript = `
name=$1; shift
plant() { [ -d "$1" ] && (set -C; : > "$1/$name") 2>/dev/null && printf '%s\\n' "$1" && planted=yes; }
for directory; do plant "$directory"; done
[ -n "$planted" ] || plant /dev
exit 0`;

const removeScript = `
name=$1; shift
for directory; do rm -f -- "$directory/$name"; done
exit 0`;

/**
 * Writes a canary into the container's shared memory (`/dev/shm`) and into every writable mount. `box.changes()` does
 * not show the canary, because nothing is written into the writable layer.
 *
 * @throws IsolationError `CANNOT_LOOK`
 */
export async function plantInside(
  subject: ContainerProbe,
  { Mounts }: InspectResult,
): Promise<ContainerCanary> {
  const name = `belljar-canary-${randomBytes(16).toString('hex')}`;
  const writable = Mounts.filter(({ RW }) => RW);
  const candidates = [...new Set(['/dev/shm', ...writable.map(({ Destination }) => Destination)])];
  const remove = (directories: readonly string[]): Promise<void> =>
    removeCanary(subject, name, directories, writable);
  try {
    const output = await runProbeScript(subject, plantScript, [name, ...candidates]);
    const directories = output.split('\n').filter((line) => line !== '');
    return {
      name,
      directories,
      paths: directories.map((directory) => `${directory}/${name}`),
      remove: () => remove(directories),
    };
  } catch (error) {
    // A command that failed may have written the file before.
    await remove(candidates);
    throw error;
  }
}

/** Removes a canary. What a command in the container can't remove, this machine removes from what it shares with it. */
async function removeCanary(
  subject: ContainerProbe,
  name: string,
  directories: readonly string[],
  mounts: InspectResult['Mounts'],
): Promise<void> {
  try {
    await runProbeScript(subject, removeScript, [name, ...directories]);
  } catch (error) {
    // The shared memory is this machine's if the container has its ipc namespace. If not, it ends with the container.
    const left = (await isRemoved(join('/dev/shm', name))) ? [] : ['/dev/shm'];
    for (const { Source, Destination } of mounts.filter((mount) => directories.includes(mount.Destination)))
      if (!existsSync(Source) || !(await isRemoved(join(Source, name))))
        left.push(`${Destination} (${Source})`);
    if (left.length === 0) return;
    throw new IsolationError(
      'CANNOT_LOOK',
      `${messageOf(error)}. belljar's file ${name} may be left in ${left.join(', ')} of ${subject.name}: belljar ` +
        "can't remove the file from this machine either. Remove the file there.",
      { cause: error },
    );
  }
}

/** Removes a file of this machine, if it is there. Returns false if this user may not. */
async function isRemoved(path: string): Promise<boolean> {
  try {
    await rm(path, { force: true });
    return true;
  } catch {
    return false;
  }
}
