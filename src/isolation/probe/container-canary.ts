import { randomBytes } from 'node:crypto';
import { runProbeScript, type ContainerProbe } from './container-probe';
import type { InspectResult } from '../subject';

/** A file with an unguessable name, written inside a container in places that are no part of its writable layer. */
export interface ContainerCanary {
  /** The file's name; the same in every place. */
  readonly name: string;
  /** The directories in the container that hold it. */
  readonly places: readonly string[];
  /** Its full path in each of them. */
  readonly paths: readonly string[];
  /** Removes the file everywhere, if it is still there. */
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
 * Writes a canary inside: into the container's shared memory (`/dev/shm`, in memory) and every writable mount. Nothing
 * is written into the writable layer, so `box.changes()` shows nothing of it.
 *
 * @throws IsolationError `CANNOT_LOOK`
 */
export async function plantInside(
  subject: ContainerProbe,
  { Mounts }: InspectResult,
): Promise<ContainerCanary> {
  const name = `belljar-canary-${randomBytes(16).toString('hex')}`;
  const writable = Mounts.filter(({ RW }) => RW).map(({ Destination }) => Destination);
  const printed = await runProbeScript(subject, plantScript, [name, ...new Set(['/dev/shm', ...writable])]);
  const places = printed.split('\n').filter((line) => line !== '');
  return {
    name,
    places,
    paths: places.map((place) => `${place}/${name}`),
    remove: async () => {
      await runProbeScript(subject, removeScript, [name, ...places]);
    },
  };
}
