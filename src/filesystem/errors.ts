import { BelljarError } from '../support/errors';
import { printablePath } from './path';

/** The reason why a file operation failed: a code of Linux, as in Node.js's `fs`. */
export type FileErrorCode =
  /** Permission denied. */
  | 'EACCES'
  /** Resource busy or locked. */
  | 'EBUSY'
  /** File already exists. */
  | 'EEXIST'
  /** File too large to be returned whole; the message says the limit, and what to do. */
  | 'EFBIG'
  /** Invalid argument: also a path that is not absolute, or holds a NUL character. */
  | 'EINVAL'
  /** I/O error, or a failure that has no other code; the message says more. */
  | 'EIO'
  /** Illegal operation on a directory. */
  | 'EISDIR'
  /** Too many symbolic links encountered. */
  | 'ELOOP'
  /** Name too long. */
  | 'ENAMETOOLONG'
  /** No such file or directory. */
  | 'ENOENT'
  /** No space left on device. */
  | 'ENOSPC'
  /** Not a directory. */
  | 'ENOTDIR'
  /** Directory not empty. */
  | 'ENOTEMPTY'
  /** Operation not supported: belljar can't do it there; the message says what can. */
  | 'ENOTSUP'
  /** Operation not permitted. */
  | 'EPERM'
  /** Read-only file system. */
  | 'EROFS'
  /** Text file is busy: it is a running program. */
  | 'ETXTBSY';

/** The meaning of each code of a `FileError`, in the words of Node.js's `fs`. */
const meanings = {
  EACCES: 'permission denied',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EFBIG: 'file too large',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENOTSUP: 'operation not supported',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ETXTBSY: 'text file is busy',
} as const satisfies Record<FileErrorCode, string>;

export function isFileErrorCode(code: string | undefined): code is FileErrorCode {
  return code !== undefined && code in meanings;
}

/** The messages of these errors as C libraries and shells print them, in the C locale. */
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
  /** What went wrong; {@link FileErrorCode} has the meaning of each code. */
  declare readonly code: FileErrorCode;
  /** The path as the caller gave it. */
  readonly path: string;
  /** The operation, named as in `fs`. */
  readonly syscall: string;

  /** @param detail more about the cause, in parentheses after the message */
  constructor(code: FileErrorCode, syscall: string, path: string, detail?: string, options?: ErrorOptions) {
    const message = `${code}: ${meanings[code]}, ${syscall} '${printablePath(path)}'`;
    super(code, detail === undefined ? message : `${message} (${detail})`, options);
    this.path = path;
    this.syscall = syscall;
  }
}

/**
 * Finds the error that a tool in the container printed, by the end of its last line: the line may contain any path
 * before.
 */
export function codeFromOutput(stderr: string): FileErrorCode | undefined {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  return printed.find(([text]) => line.endsWith(text))?.[1];
}

/** The reason why a tree could not be copied. */
export type CopyErrorCode =
  /** The container's tree holds something that must not reach the host; `entry` names it. */
  | 'UNSAFE_ENTRY'
  /** The container's tree has more bytes of content than the limit, `maxBytes`. */
  | 'TOO_MANY_BYTES'
  /** The container's tree has more files, directories and links than the limit, `maxEntries`. */
  | 'TOO_MANY_ENTRIES'
  /** The destination on the host exists and can't be replaced; `entry` names it. */
  | 'TARGET_EXISTS'
  /** The engine's answer is not a tar archive, is empty, or ends early. */
  | 'ARCHIVE_MALFORMED'
  /** The host's tree holds a socket, a fifo or a device, which can't be copied into a container; `entry` names it. */
  | 'SPECIAL_FILE';

/** The error of a failed copy. The copy has left nothing at the destination on the host. */
export class CopyError extends BelljarError {
  /** What went wrong; {@link CopyErrorCode} has the meaning of each code. */
  declare readonly code: CopyErrorCode;
  /** The refused path, in the container's archive or on the host. */
  readonly entry: string | undefined;

  constructor(code: CopyErrorCode, message: string, entry?: string, options?: ErrorOptions) {
    super(code, message, options);
    this.entry = entry;
  }
}

/** The reason why an archive can't be read. */
export type TarErrorCode =
  /** The bytes are not a tar archive, or not a whole one. */
  'ARCHIVE_MALFORMED';

/** The error of bytes that are not a tar archive, or not a whole one. */
export class TarError extends BelljarError {
  /** What went wrong; {@link TarErrorCode} has the meaning of each code. */
  declare readonly code: TarErrorCode;

  /** @param problem what is wrong, as it reads after a colon */
  constructor(problem: string) {
    super('ARCHIVE_MALFORMED' satisfies TarErrorCode, `The archive can't be read: ${problem}.`);
  }
}
