import { BelljarError } from '../support/errors';
import { decodePath, printablePath, type ContainerPath } from './path';

/** What each `code` says, in the words of Node.js's `fs`. */
const meanings = {
  EACCES: 'permission denied',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ETXTBSY: 'text file is busy',
} as const;

export type FileErrorCode = keyof typeof meanings;

export function isFileErrorCode(code: string | undefined): code is FileErrorCode {
  return code !== undefined && code in meanings;
}

/** The texts of these errors as C libraries and shells print them, in the C locale. */
const printed: readonly (readonly [string, FileErrorCode])[] = [
  ['No such file or directory', 'ENOENT'],
  ['Directory nonexistent', 'ENOENT'],
  ['Not a directory', 'ENOTDIR'],
  ['Is a directory', 'EISDIR'],
  ['File exists', 'EEXIST'],
  ['Directory not empty', 'ENOTEMPTY'],
  ['Permission denied', 'EACCES'],
  ['Operation not permitted', 'EPERM'],
  ['Read-only file system', 'EROFS'],
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'ENOSPC'],
  ['Too many levels of symbolic links', 'ELOOP'],
  ['Symbolic link loop', 'ELOOP'],
  ['File name too long', 'ENAMETOOLONG'],
  ['Filename too long', 'ENAMETOOLONG'],
  ['Text file busy', 'ETXTBSY'],
  ['Device or resource busy', 'EBUSY'],
  ['Resource busy', 'EBUSY'],
  ['Invalid argument', 'EINVAL'],
];

/**
 * A file operation that failed, shaped like an error of Node.js's `fs`: `ENOENT: no such file or directory, open '/x'`.
 */
export class FileError extends BelljarError {
  /** The path as it was given. */
  readonly path: string;
  /** The operation, named as in `fs`. */
  readonly syscall: string;

  /** @param detail what else there is to say, after the message */
  constructor(code: FileErrorCode, syscall: string, path: string, detail?: string, options?: ErrorOptions) {
    const message = `${code}: ${meanings[code]}, ${syscall} '${printablePath(path)}'`;
    super(code, detail === undefined ? message : `${message} (${detail})`, options);
    this.path = path;
    this.syscall = syscall;
  }
}

/** The error that a tool in the container printed, by the end of its last line: what comes before may hold any path. */
export function codeFromOutput(stderr: string): FileErrorCode | undefined {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  return printed.find(([text]) => line.endsWith(text))?.[1];
}

/**
 * A tree that could not be copied. Nothing was left at the destination on the host. `code` is one of
 *
 * - `UNSAFE_ENTRY`: the container's tree holds something that must not reach the host; `entry` names it
 * - `TOO_MANY_BYTES`, `TOO_MANY_ENTRIES`: it is larger than the limits
 * - `ARCHIVE_MALFORMED`: what came is no tar archive, or ends early
 * - `SPECIAL_FILE`: the host's tree holds a socket, a fifo or a device, which can't be copied into a container
 */
export class CopyError extends BelljarError {
  /** The path, in the container's archive or on the host, that was refused. */
  readonly entry: string | undefined;

  constructor(code: string, message: string, entry?: string, options?: ErrorOptions) {
    super(code, message, options);
    this.entry = entry;
  }
}

/** The path that an operation was given, as text; refuses what no container has. */
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
