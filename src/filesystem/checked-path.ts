import { FileError } from './errors';
import { decodePath, type ContainerPath } from './path';

/**
 * Returns an operation's path as a string.
 *
 * @throws FileError `EINVAL` for a path that no container has
 */
export function checkedPath(path: ContainerPath, syscall: string): string {
  const text: unknown = Buffer.isBuffer(path) ? decodePath(path) : path;
  if (typeof text !== 'string')
    throw new FileError('EINVAL', syscall, String(text), 'a path is a string or a Buffer');
  if (text.includes('\0')) throw new FileError('EINVAL', syscall, text, 'a path has no NUL character');
  if (!text.startsWith('/')) {
    throw new FileError('EINVAL', syscall, text, 'a path in a container is absolute: it begins with /');
  }
  return text;
}
