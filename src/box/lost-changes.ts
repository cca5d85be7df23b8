import { codeOf } from '../support/errors';
import type { Image } from '../image/image';
import type { Box } from './box';

/** The files that the engine makes anew for each container. */
const engineFiles = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

/** Memory that each container has of its own. */
const sharedMemory = '/dev/shm';

/**
 * Watches what a set-up writes to mounts, which an image does not hold: volumes of the base, the files that the engine
 * makes, and shared memory.
 *
 * @returns a function that returns a line for each mount which the set-up has changed
 */
export async function watchMounts(box: Box, base: Image): Promise<() => Promise<string[]>> {
  const volumes = [...base.config.volumes].sort();
  const before = await contentsOf(box, volumes);
  const shared = await namesIn(box, sharedMemory);
  return async () => {
    const after = await contentsOf(box, volumes);
    const changed = [...after].filter(([path, content]) => before.get(path) !== content);
    const { State } = await box.docker.inspect();
    return [
      ...changed.map(([path]) =>
        volumes.includes(path)
          ? `${path} is a volume of ${base.reference}`
          : `${path} is made by the engine for each container`,
      ),
      // Shared memory ends with the container.
      ...(State.Running ? await leftIn(box, shared) : []),
    ];
  };
}

/** Returns what can be compared of each volume, and of each file of the engine. */
async function contentsOf(box: Box, volumes: readonly string[]): Promise<Map<string, string | undefined>> {
  const contents = new Map<string, string | undefined>();
  for (const path of volumes) contents.set(path, await box.files.fingerprint(path));
  for (const path of engineFiles) contents.set(path, await fileHash(box, path));
  return contents;
}

async function fileHash(box: Box, path: string): Promise<string | undefined> {
  try {
    return await box.files.fingerprint(path);
  } catch (error) {
    // Without a network, some engines make no such file.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(box: Box, directory: string): Promise<string[]> {
  return (await box.files.exists(directory)) ? box.files.list(directory) : [];
}

/** Returns the files that the set-up left in shared memory, without those that a running program still uses. */
async function leftIn(box: Box, before: readonly string[]): Promise<string[]> {
  const left = (await namesIn(box, sharedMemory)).filter((name) => !before.includes(name));
  if (left.length === 0) return [];
  const script = 'cat /proc/[0-9]*/maps 2>/dev/null; ls -l /proc/[0-9]*/fd 2>/dev/null; :';
  const { stdout: used } = await box.run('/bin/sh', ['-c', script], { user: '0' });
  return left
    .map((name) => `${sharedMemory}/${name}`)
    .filter((path) => !used.includes(path))
    .map((path) => `${path} is in shared memory, which each container has of its own`);
}
