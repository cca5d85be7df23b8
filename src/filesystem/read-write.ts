import { constants } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { OptionChecks } from '../support/options/check-options';
import { codeOf, InvalidOptionError } from '../support/errors';
import { isWholeNumber, must } from '../support/options/option-checks';
import { statFile } from './file-info';
import { formatBytes } from '../support/size';
import { failUnlessDirectories, runFileScript, type RootCommands } from './shell';

/** Content for a file. */
export type FileData = string | Uint8Array | Readable;

/** The owner, the group and the permissions of a file. */
export interface OwnershipOptions {
  /** Permission bits: `0o755`. Default: 0o644 for a new file; an existing file keeps its own. */
  mode?: number;
  /** User name in the container, or uid. Default: root for a new file; an existing file keeps its own. */
  owner?: string | number;
  /** Group name in the container, or gid. Default: as `owner`. */
  group?: string | number;
}

export const permissionBits = must('must be permission bits from 0 to 0o7777, such as 0o755', (value) =>
  isWholeNumber(value, 0, 0o7777),
);

const account = must(
  'must be a name in the container, or a numeric id',
  (value) => isWholeNumber(value, 0, Infinity) || isAccountName(value),
);

export const ownershipChecks = {
  mode: permissionBits,
  owner: account,
  group: account,
} satisfies OptionChecks<OwnershipOptions>;

const readScript = `[ -f "$1" ] || { [ -e "$1" ] && [ ! -d "$1" ] && exit 102; }; exec cat -- "$1"`;

/** Reads the bytes of a regular file. A fifo or a device is refused: reading it could wait, or continue, forever. */
export async function readFile(commands: RootCommands, path: string, limit: number): Promise<Buffer> {
  const options = {
    syscall: 'open',
    args: [path],
    detail: 'only a regular file can be read whole',
    tooMuch: tooLargeDetail(limit),
  };
  try {
    return await runFileScript(commands, readScript, { ...options, maxBuffer: Math.min(limit, mediumSize) });
  } catch (error) {
    // Its size is asked only now, because that costs a process, and most files are smaller.
    if (codeOf(error) !== 'EFBIG' || (await statFile(commands, path, {})).size > limit) throw error;
    return runFileScript(commands, readScript, { ...options, maxBuffer: limit });
  }
}

/** The size of a file that is read without asking for its size first, in bytes. */
const mediumSize = 32 * 1024 * 1024;

/** The most bytes that a read returns: what Node.js takes into one string, or reads of one file. */
export const readLimits = { utf8: constants.MAX_STRING_LENGTH, buffer: 2 ** 31 - 1 } as const;

/** Says what to do about a file that can't be returned whole. */
export function tooLargeDetail(limit: number): string {
  return `files.read() returns at most ${formatBytes(limit)} as ${limit === readLimits.utf8 ? 'text' : 'bytes'}: files.copyOut() copies the file to the host, and a command such as head or grep reads a part of it`;
}

/** Returns a script: `$2` is the owner as chown takes it, `$3` the mode in octal; either may be empty. */
function writeScript(redirect: '>' | '>>'): string {
  const refuseSpecial = `[ -f "$1" ] || { [ -e "$1" ] && [ ! -d "$1" ] && exit 102; }`;
  const write = `cat ${redirect}"$1" || { s=$?; ${failUnlessDirectories}; exit $s; }`;
  // In this order: chown takes set-user-id away.
  const own = `if [ -n "$2" ]; then chown -- "$2" "$1" || exit; fi; if [ -n "$3" ]; then chmod -- "$3" "$1" || exit; fi`;
  return `${refuseSpecial}; ${write}; ${own}`;
}

/** Writes a file, following a symbolic link to it as `fs.writeFile` does. */
export async function writeFile(
  commands: RootCommands,
  redirect: '>' | '>>',
  path: string,
  data: FileData,
  options: OwnershipOptions,
): Promise<void> {
  const detail = 'only a regular file can be written';
  const args = [path, ownerArgument(options), modeArgument(options.mode)];
  await runFileScript(commands, writeScript(redirect), {
    syscall: 'open',
    args,
    input: data,
    detail,
  });
}

/** Formats the owner as chown takes it: `user:group`, either of which may be missing. */
function ownerArgument({ owner, group }: OwnershipOptions): string {
  if (owner === undefined && group === undefined) return '';
  return group === undefined ? String(owner) : `${owner ?? ''}:${group}`;
}

/** Formats the mode in octal; empty if there is none. */
export function modeArgument(mode: number | undefined): string {
  return mode === undefined ? '' : mode.toString(8).padStart(4, '0');
}

function isAccountName(name: unknown): boolean {
  return typeof name === 'string' && /^[^\s:/-][^\s:/]*$/.test(name);
}

/**
 * Checks the content for a file.
 *
 * @throws InvalidOptionError
 */
export function checkedData(data: FileData): FileData {
  const given: unknown = data;
  const usable =
    typeof given === 'string' ||
    ArrayBuffer.isView(given) ||
    (typeof given === 'object' && given !== null && 'pipe' in given);
  if (!usable) throw new InvalidOptionError('data', 'must be a string, bytes or a readable stream', data);
  return data;
}
