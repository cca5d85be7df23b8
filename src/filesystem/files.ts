import type { StartedContainer } from '../container/started-container';
import type { Commands } from '../command/commands';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { oneOf } from '../support/options/option-checks';
import { insideFiles } from './by-archive/inside-files';
import { checkedPath } from './checked-path';
import { copyIn } from './copy/copy-in';
import { copyOut, type Inside } from './copy/copy-out';
import {
  copyInChecks,
  extractChecks,
  type CopyInOptions,
  type ExtractOptions,
  type ExtractReport,
} from './copy/options';
import {
  globPaths,
  makeDirectory,
  makeDirectoryChecks,
  removeChecks,
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
import { statChecks, type FileInfo, type StatOptions } from './file-info';
import { fingerprintTree } from './fingerprint';
import { findPlaces } from './mounts';
import type { ContainerPath } from './path';
import { checkedData, ownershipChecks, readLimits, type FileData, type OwnershipOptions } from './read-write';
import { rootCommands, type RootCommands } from './shell';

/**
 * The files of a container. Paths are absolute paths in the container: belljar follows symbolic links there, never on
 * the host. A path may have any name that Linux allows, see `ContainerPath`. All operations run as root.
 *
 * An operation that fails throws a `FileError`, shaped like the errors of Node.js's `fs`: `code` is a `FileErrorCode`
 * such as `ENOENT`, or `EINVAL` for a path that is not absolute or holds a NUL character; `path` and `syscall` say what
 * failed. An archive of the engine's that can't be read throws a `TarError`.
 */
export interface Files {
  /**
   * Returns the content of a regular file, decoded as UTF-8, or its bytes with `encoding: 'buffer'`.
   *
   * @throws FileError `EFBIG` for more than 512 MiB of text, or 2 GiB of bytes
   */
  read(path: ContainerPath, options: { encoding: 'buffer' }): Promise<Buffer>;
  read(path: ContainerPath, options?: { encoding?: 'utf8' }): Promise<string>;
  /** Makes a file with this content, or replaces the content of an existing file. Its directory must exist. */
  write(path: ContainerPath, data: FileData, options?: OwnershipOptions): Promise<void>;
  /** Adds to the end of a file. Makes the file if it does not exist. */
  append(path: ContainerPath, data: FileData, options?: OwnershipOptions): Promise<void>;
  /** Returns facts about a file, following a symbolic link, or about the link itself with `follow: false`. */
  stat(path: ContainerPath, options?: StatOptions): Promise<FileInfo>;
  /** Returns the names in a directory, sorted by code units, without `.` and `..`. */
  list(path: ContainerPath): Promise<string[]>;
  /** Returns whether a path leads to something: false for a symbolic link to nothing. */
  exists(path: ContainerPath): Promise<boolean>;
  /** Makes a directory. */
  mkdir(path: ContainerPath, options?: MakeDirectoryOptions): Promise<void>;
  /** Removes a file, a link or an empty directory, or with `recursive` a whole tree. */
  remove(path: ContainerPath, options?: RemoveOptions): Promise<void>;
  /**
   * Copies a file or a tree from the host to this very path in the container. Missing parents are made. A tree is
   * merged into an existing directory; an existing file is replaced. Modes and symbolic links are kept; the owner is
   * root by default. The copy is streamed, so that the size of a tree does not matter. Works in a stopped container
   * too. A mount that only the running container has, such as /dev/shm, is reached by the container's own tar.
   *
   * @throws CopyError `SPECIAL_FILE` for a socket, fifo or device (unless `special: 'skip'`), before anything is copied
   * @throws the errors of `fs` for the path on the host
   */
  copyIn(hostPath: string, path: ContainerPath, options?: CopyInOptions): Promise<ExtractReport>;
  /**
   * Copies a file or a tree from the container to this very path on the host. Missing parents are made. An existing
   * file is replaced; an existing directory must be empty. belljar treats the container as hostile: it writes nothing
   * outside of `hostPath`, and a failed copy leaves nothing there. Modes are kept, except set-user-id, set-group-id and
   * sticky. Owners are not kept. Works in a stopped container too. A mount that only the running container has, such as
   * /dev/shm, is read by the container's own tar. A copy of `/` leaves such mounts out, and lists them in `skipped`.
   *
   * @throws CopyError `UNSAFE_ENTRY` for links that point out of the tree, devices and fifos (unless `unsafe: 'skip'`),
   * `TOO_MANY_BYTES`, `TOO_MANY_ENTRIES`, `TARGET_EXISTS`, `ARCHIVE_MALFORMED`
   */
  copyOut(path: ContainerPath, hostPath: string, options?: ExtractOptions): Promise<ExtractReport>;
  /**
   * Returns the paths that a glob matches, sorted. Wildcards match names that begin with a dot too; `**` follows no
   * links, and leaves out /proc, /sys and /dev unless the pattern begins there.
   *
   * @param pattern absolute, as picomatch reads it: `/etc/**\/*.conf`, `/usr/{bin,sbin}/*`
   */
  glob(pattern: string): Promise<string[]>;
  /**
   * Returns a hash of a tree: of the types, modes, owners, contents, link targets and capabilities of all that is in
   * it, not of times. Equal trees have equal fingerprints, in any container. The engine's own files are left out:
   * /proc, /sys, /dev, /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf. belljar reads the tree from the
   * engine, not with the container's tools.
   *
   * @throws FileError `ENOTSUP` for a mount that the engine does not show, such as /dev/shm
   * @param path default `/`, without mounts such as volumes
   * @returns `sha256:` and 64 hexadecimal digits
   */
  fingerprint(path?: ContainerPath): Promise<string>;
}

interface ReadOptions {
  encoding?: 'utf8' | 'buffer';
}

const readChecks = { encoding: oneOf(['utf8', 'buffer']) } satisfies OptionChecks<ReadOptions>;

/**
 * Creates the file operations of a container. If this machine's kernel shows the container's files, belljar reads,
 * writes and stats them directly, without a process in the container and without its tools. Copies and fingerprints use
 * the engine. Everything else runs commands in the container, or uses the engine's archives if it has no shell.
 *
 * @param container the container with the files
 * @param commands run commands in the container
 * @param view the container's files as this machine shows them
 */
export function createFiles(
  container: StartedContainer,
  commands: Pick<Commands, 'run'>,
  view = rootView(container),
): Files {
  const inside = waysInside(container, rootCommands(container, commands));
  const within = insideFiles(container, inside);
  const read = async (given: ContainerPath, options: ReadOptions = {}): Promise<Buffer | string> => {
    checkOptions(options, readChecks);
    const path = checkedPath(given, 'open');
    const limit = readLimits[options.encoding ?? 'utf8'];
    const bytes = (await readFromHost(view, path, limit)) ?? (await within.read(path, limit));
    return options.encoding === 'buffer' ? bytes : bytes.toString();
  };
  const write =
    (redirect: '>' | '>>'): Files['write'] =>
    async (given, data, options = {}) => {
      checkOptions(options, ownershipChecks);
      const path = checkedPath(given, 'open');
      if (await writeFromHost(view, redirect, path, checkedData(data), options)) return;
      await within.write(redirect, path, data, options);
    };
  return {
    read: read as Files['read'],
    write: write('>'),
    append: write('>>'),
    stat: async (given, options = {}) => {
      checkOptions(options, statChecks);
      const path = checkedPath(given, options.follow === false ? 'lstat' : 'stat');
      return (await statFromHost(view, path, options)) ?? (await within.stat(path, options));
    },
    list: async (given) => {
      const path = checkedPath(given, 'scandir');
      return (await listFromHost(view, path)) ?? (await within.list(path));
    },
    exists: async (given) => {
      const path = checkedPath(given, 'access');
      return (await existsFromHost(view, path)) ?? (await within.exists(path));
    },
    mkdir: async (path, options = {}) => {
      checkOptions(options, makeDirectoryChecks);
      await makeDirectory(inside.commands, checkedPath(path, 'mkdir'), options);
    },
    remove: async (path, options = {}) => {
      checkOptions(options, removeChecks);
      await removePath(inside.commands, checkedPath(path, 'rm'), options);
    },
    copyIn: async (hostPath, path, options = {}) => {
      checkOptions(options, copyInChecks);
      return copyIn(container.docker, inside, hostPath, checkedPath(path, 'copyfile'), options);
    },
    copyOut: async (path, hostPath, options = {}) => {
      checkOptions(options, extractChecks);
      return copyOut(container.docker, inside, checkedPath(path, 'open'), hostPath, options);
    },
    glob: async (pattern) => globPaths(inside.commands, pattern),
    fingerprint: async (path = '/') =>
      fingerprintTree(container.docker, checkedPath(path, 'scandir'), inside),
  };
}

function waysInside(container: StartedContainer, commands: RootCommands): Inside {
  return { commands, findPlace: findPlaces(container, commands) };
}
