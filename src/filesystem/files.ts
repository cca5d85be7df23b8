import type { StartedContainer } from '../container/started-container';
import type { Commands } from '../command/commands';
import { copyIn } from './copy/copy-in';
import { copyOut } from './copy/copy-out';
import {
  globPaths,
  listDirectory,
  makeDirectory,
  pathExists,
  removePath,
  type MakeDirectoryOptions,
  type RemoveOptions,
} from './directory';
import {
  existsFromHost,
  listFromHost,
  readFromHost,
  statFromHost,
  writeFromHost,
} from './host-view/operations';
import { rootView } from './host-view/root-view';
import { checkedPath } from './errors';
import type { ExtractOptions, ExtractReport } from './copy/extract';
import { statFile, type FileInfo, type StatOptions } from './file-info';
import { fingerprintTree } from './fingerprint';
import type { ContainerPath } from './path';
import { checkedData, readFile, writeFile, type FileData, type OwnershipOptions } from './read-write';
import { rootCommands } from './shell';

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
   * copied to a directory is merged into it; a file that is there is replaced. Modes and symbolic links are kept,
   * owners are root unless given. Streams, so that the size of a tree does not matter. Works in a stopped container
   * too.
   *
   * @throws CopyError `SPECIAL_FILE` for a socket, fifo or device, before anything is copied
   * @throws whatever `fs` throws for the path on the host
   */
  copyIn(hostPath: string, path: ContainerPath, options?: OwnershipOptions): Promise<void>;
  /**
   * Copies a file or a tree from the container to this very path on the host. Missing parents are made; a file that is
   * there is replaced; a directory that is there must be empty. The container is taken to be hostile: nothing is
   * written outside of `hostPath`, and after a failure nothing is left of it. Modes are kept but for set-user-id,
   * set-group-id and sticky; owners are not. Works in a stopped container too.
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
   * times. Equal trees have equal fingerprints, in any container. What the engine puts in is left out: /proc, /sys,
   * /dev, /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf. Read from the engine, not with the container's
   * tools.
   *
   * @param path default `/`, without what is mounted (volumes)
   * @returns `sha256:` and 64 hexadecimal digits
   */
  fingerprint(path?: ContainerPath): Promise<string>;
}

/**
 * Reading, writing and looking goes straight to the files where this machine's kernel shows them to us, which takes no
 * process and none of the container's tools; everything else, and everything elsewhere, by commands in the container.
 *
 * @param container whose files they are, @param commands how commands run in it
 * @param view the container's files as seen from here
 */
export function createFiles(
  container: StartedContainer,
  commands: Commands,
  view = rootView(container),
): Files {
  const root = rootCommands(container, commands);
  const read = async (
    given: ContainerPath,
    options: { encoding?: 'utf8' | 'buffer' } = {},
  ): Promise<Buffer | string> => {
    const path = checkedPath(given, 'open');
    const bytes = (await readFromHost(view, path)) ?? (await readFile(root, path));
    return options.encoding === 'buffer' ? bytes : bytes.toString();
  };
  const write =
    (redirect: '>' | '>>'): Files['write'] =>
    async (given, data, options = {}) => {
      const path = checkedPath(given, 'open');
      if (await writeFromHost(view, redirect, path, checkedData(data), options)) return;
      await writeFile(root, redirect, path, data, options);
    };
  return {
    read: read as Files['read'],
    write: write('>'),
    append: write('>>'),
    stat: async (given, options = {}) => {
      const path = checkedPath(given, options.follow === false ? 'lstat' : 'stat');
      return (await statFromHost(view, path, options)) ?? (await statFile(root, path, options));
    },
    list: async (given) => {
      const path = checkedPath(given, 'scandir');
      return (await listFromHost(view, path)) ?? (await listDirectory(root, path));
    },
    exists: async (given) => {
      const path = checkedPath(given, 'access');
      return (await existsFromHost(view, path)) ?? (await pathExists(root, path));
    },
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
