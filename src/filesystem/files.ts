import type { StartedContainer } from '../container/started-container';
import type { Commands } from '../command/commands';
import { copyIn } from './copy-in';
import { copyOut } from './copy-out';
import {
  globPaths,
  listDirectory,
  makeDirectory,
  pathExists,
  removePath,
  type MakeDirectoryOptions,
  type RemoveOptions,
} from './directory';
import { checkedPath } from './errors';
import type { ExtractOptions, ExtractReport } from './extract';
import { statFile, type FileInfo, type StatOptions } from './file-info';
import { fingerprintTree } from './fingerprint';
import type { ContainerPath } from './path';
import { readFile, writeFile, type FileData, type OwnershipOptions } from './read-write';
import { asRoot } from './shell';

/**
 * The files of a container. Paths are absolute, `/` at the beginning, in the container: symbolic links are followed
 * there and never on the host. Any name Linux allows will do, see `ContainerPath`. Everything is done as root.
 *
 * What fails throws a `FileError`, shaped like those of Node.js's `fs`: `code` is `ENOENT`, `EISDIR`, `ENOTDIR`,
 * `EEXIST`, `ENOTEMPTY`, `EACCES`, `EPERM`, `EROFS`, `ENOSPC`, `ELOOP`, `EBUSY`, or `EINVAL` for a path that is not
 * absolute or holds a NUL character; `path` and `syscall` say where.
 */
export interface Files {
  /** The content of a regular file, decoded as UTF-8, or with `encoding: 'buffer'` its bytes. */
  read(path: ContainerPath, options: { encoding: 'buffer' }): Promise<Buffer>;
  read(path: ContainerPath, options?: { encoding?: 'utf8' }): Promise<string>;
  /** Makes a file of this content, or replaces the content of the one that is there. Its directory must be there. */
  write(path: ContainerPath, data: FileData, options?: OwnershipOptions): Promise<void>;
  /** Adds to the end of a file, which is made if need be. */
  append(path: ContainerPath, data: FileData, options?: OwnershipOptions): Promise<void>;
  /** What there is to know of a file, of what a symbolic link leads to, or with `follow: false` of the link itself. */
  stat(path: ContainerPath, options?: StatOptions): Promise<FileInfo>;
  /** The names in a directory, sorted by code units, without `.` and `..`. */
  list(path: ContainerPath): Promise<string[]>;
  /** Whether a path leads to something: false for a symbolic link to nothing. */
  exists(path: ContainerPath): Promise<boolean>;
  mkdir(path: ContainerPath, options?: MakeDirectoryOptions): Promise<void>;
  /** Removes a file, a link or an empty directory, or with `recursive` a whole tree. */
  remove(path: ContainerPath, options?: RemoveOptions): Promise<void>;
  /**
   * Copies a file or a tree from the host to this very path in the container. Missing parents are made; a tree that is
   * copied to a directory is merged into it; a file that is there is replaced. Modes and symbolic links are kept, owners
   * are root unless given. Streams, so that the size of a tree does not matter. Works in a stopped container too.
   *
   * @throws CopyError `SPECIAL_FILE` for a socket, fifo or device, before anything is copied
   * @throws whatever `fs` throws for the path on the host
   */
  copyIn(hostPath: string, path: ContainerPath, options?: OwnershipOptions): Promise<void>;
  /**
   * Copies a file or a tree from the container to this very path on the host. Missing parents are made; a file that is
   * there is replaced; a directory that is there must be empty. The container is taken to be hostile: nothing is written
   * outside of `hostPath`, and after a failure nothing is left of it. Modes are kept but for set-user-id, set-group-id
   * and sticky; owners are not. Works in a stopped container too.
   *
   * @throws CopyError `UNSAFE_ENTRY` for links that point out of the tree, devices and fifos (unless
   * `unsafe: 'skip'`), `TOO_MANY_BYTES`, `TOO_MANY_ENTRIES`, `TARGET_EXISTS`, `ARCHIVE_MALFORMED`
   */
  copyOut(path: ContainerPath, hostPath: string, options?: ExtractOptions): Promise<ExtractReport>;
  /**
   * The paths that a glob matches, sorted. Wildcards match names that begin with a dot too; `**` follows no links, and
   * leaves out /proc, /sys and /dev unless the pattern begins there.
   *
   * @param pattern absolute, as picomatch reads it: `/etc/**\/*.conf`, `/usr/{bin,sbin}/*`
   */
  glob(pattern: string): Promise<string[]>;
  /**
   * A hash of a tree: of the types, modes, owners, contents, link targets and capabilities of all that is in it, not of
   * times. Equal trees have equal fingerprints, in any container. What the engine puts in is left out: /proc, /sys, /dev,
   * /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf. Read from the engine, not with the container's tools.
   *
   * @param path default `/`, without what is mounted (volumes)
   * @returns `sha256:` and 64 hexadecimal digits
   */
  fingerprint(path?: ContainerPath): Promise<string>;
}

/** @param container whose files they are, @param commands how commands run in it */
export function createFiles(container: StartedContainer, commands: Commands): Files {
  const root = asRoot(container, commands);
  const read = async (
    path: ContainerPath,
    options: { encoding?: 'utf8' | 'buffer' } = {},
  ): Promise<Buffer | string> => {
    const bytes = await readFile(root, checkedPath(path, 'open'));
    return options.encoding === 'buffer' ? bytes : bytes.toString();
  };
  return {
    read: read as Files['read'],
    write: async (path, data, options = {}) => writeFile(root, '>', checkedPath(path, 'open'), data, options),
    append: async (path, data, options = {}) =>
      writeFile(root, '>>', checkedPath(path, 'open'), data, options),
    stat: async (path, options = {}) => {
      return statFile(root, checkedPath(path, options.follow === false ? 'lstat' : 'stat'), options);
    },
    list: async (path) => listDirectory(root, checkedPath(path, 'scandir')),
    exists: async (path) => pathExists(root, checkedPath(path, 'access')),
    mkdir: async (path, options = {}) => makeDirectory(root, checkedPath(path, 'mkdir'), options),
    remove: async (path, options = {}) => removePath(root, checkedPath(path, 'rm'), options),
    copyIn: async (hostPath, path, options = {}) =>
      copyIn(container.docker, hostPath, checkedPath(path, 'copyfile'), options),
    copyOut: async (path, hostPath, options = {}) =>
      copyOut(container.docker, checkedPath(path, 'open'), hostPath, options),
    glob: async (pattern) => globPaths(root, pattern),
    fingerprint: async (path = '/') => fingerprintTree(container.docker, checkedPath(path, 'scandir')),
  };
}
