import { randomBytes } from 'node:crypto';
import { runProbeScript, type ContainerProbe } from './container-probe';
import type { InspectResult } from '../subject';

/** A file with an unguessable name in a container, in several directories outside of the writable layer. */
export interface ContainerCanary {
  /** The file's name, the same in every directory. */
  readonly name: string;
  /** The directories in the container that hold it. */
  readonly directories: readonly string[];
  /** The file's full path in each of these directories. */
  readonly paths: readonly string[];
  /** Removes the file from every directory. */
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
  const writable = Mounts.filter(({ RW }) => RW).map(({ Destination }) => Destination);
  const output = await runProbeScript(subject, plantScript, [name, ...new Set(['/dev/shm', ...writable])]);
  const directories = output.split('\n').filter((line) => line !== '');
  return {
    name,
    directories,
    paths: directories.map((directory) => `${directory}/${name}`),
    remove: async () => {
      await runProbeScript(subject, removeScript, [name, ...directories]);
    },
  };
}
