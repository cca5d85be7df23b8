import { constants, openSync } from 'node:fs';

/**
 * `O_PATH` of open(2), which Node.js has no name for: a descriptor that stands for a file without opening it, so that a
 * device does not notice and a fifo does not wait.
 */
const O_PATH = 0o10000000;

/** Opens a descriptor of what is at a path. The caller closes it. */
export function openAt(path: string | Buffer, flags = constants.O_NOFOLLOW): number {
  return openSync(path, O_PATH | flags);
}

/** Returns the path of what a descriptor stands for, even if its name has changed (proc(5), `/proc/<pid>/fd/`). */
export function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** Returns the path of a name in a directory that is held open: no other directory can take its place meanwhile. */
export function childOf(directory: number, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${pathOf(directory)}/`), name]);
}
