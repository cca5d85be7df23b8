import { statSync, type BigIntStats } from 'node:fs';

/**
 * Returns what the file system says of the file at an engine's socket; undefined if there is no file.
 *
 * By big integers, because of a defect of Node.js 20 (lib/fs.js, `realpathSync`): after any other synchronous stat of a
 * socket, `require` follows no symbolic link in a directory that it has resolved before. A package that is installed as
 * a link then does not find its own dependencies.
 */
export function statSocket(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
