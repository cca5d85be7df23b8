import type { OptionChecks } from '../support/options/check-options';
import { trueOrFalse } from '../support/options/option-checks';
import { decodePath } from './path';
import { runFileScript, type RootCommands } from './shell';

/** The type of a file. */
export type FileType =
  'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'character-device' | 'block-device';

/** Facts about a file, without its content. */
export interface FileInfo {
  type: FileType;
  /** Permission bits, with set-user-id, set-group-id and sticky: `0o755`, `0o4755`. */
  mode: number;
  uid: number;
  gid: number;
  /** The user's name, if the container has one for the uid. */
  owner: string | undefined;
  /** The group's name, if the container has one for the gid. */
  group: string | undefined;
  /** In bytes. */
  size: number;
  /** The number of its names (hard links). */
  links: number;
  /** When its content was last written, to the second. */
  mtime: Date;
  /** For a symbolic link (with `follow: false`): its target, as the link has it. */
  target: string | undefined;
}

/** Options of `stat()`. */
export interface StatOptions {
  /** Whether to follow a symbolic link, inside the container. Default true. */
  follow?: boolean;
}

export const statChecks = { follow: trueOrFalse } satisfies OptionChecks<StatOptions>;

const script = `stat $2 -c '%f %u %g %s %Y %h %U %G' -- "$1" || exit; if [ -z "$2" ] && [ -L "$1" ]; then readlink -n -- "$1"; fi`;

/** Returns facts about the file that a path leads to. */
export async function statFile(
  commands: RootCommands,
  path: string,
  { follow = true }: StatOptions,
): Promise<FileInfo> {
  const syscall = follow ? 'stat' : 'lstat';
  const output = await runFileScript(commands, script, { syscall, args: [path, follow ? '-L' : ''] });
  const end = output.indexOf('\n');
  const [rawMode = '', uid, gid, size, mtime, links, owner, group] = output
    .toString('latin1', 0, end)
    .split(' ');
  const mode = parseInt(rawMode, 16);
  const type = typeOf(mode);
  return {
    type,
    mode: mode & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner: nameOrNone(owner),
    group: nameOrNone(group),
    size: Number(size),
    links: Number(links),
    mtime: new Date(Number(mtime) * 1000),
    target: type === 'symlink' ? decodePath(output.subarray(end + 1)) : undefined,
  };
}

/** `S_IFMT` of stat(2). */
const types: Readonly<Record<number, FileType>> = {
  0o140000: 'socket',
  0o120000: 'symlink',
  0o100000: 'file',
  0o060000: 'block-device',
  0o040000: 'directory',
  0o020000: 'character-device',
  0o010000: 'fifo',
};

/**
 * Returns the type of a file.
 *
 * @param mode as stat(2) has it, with the type in it
 */
export function typeOf(mode: number): FileType {
  return types[mode & 0o170000] ?? 'file';
}

function nameOrNone(name: string | undefined): string | undefined {
  return name === undefined || name === 'UNKNOWN' ? undefined : name;
}
