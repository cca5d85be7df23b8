import picomatch from 'picomatch';
import type { OptionChecks } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import { trueOrFalse } from '../support/options/option-checks';
import { FileError } from './errors';
import { byPath, decodePath, trimmed } from './path';
import { modeArgument, permissionBits } from './read-write';
import { failUnlessDirectories, runFileScript, type RootCommands } from './shell';

/** Options of `mkdir()`. */
export interface MakeDirectoryOptions {
  /** Whether to make missing parents too, and to accept a directory that exists already. Default false. */
  recursive?: boolean;
  /** Permission bits of the directory itself. Default 0o755. */
  mode?: number;
}

export const makeDirectoryChecks = {
  recursive: trueOrFalse,
  mode: permissionBits,
} satisfies OptionChecks<MakeDirectoryOptions>;

/** Options of `remove()`. */
export interface RemoveOptions {
  /**
   * Whether to remove a directory with all that is in it. Symbolic links are removed, never followed. Default false.
   */
  recursive?: boolean;
  /** Whether to accept that there is nothing to remove. Default false. */
  force?: boolean;
}

export const removeChecks = {
  recursive: trueOrFalse,
  force: trueOrFalse,
} satisfies OptionChecks<RemoveOptions>;

/** Returns the names in a directory, sorted. */
export async function listDirectory(commands: RootCommands, path: string): Promise<string[]> {
  // With the slash, find reads the directory even if the path is a link to it.
  const script = `[ -d "$1" ] || [ ! -e "$1" ] || exit 101; exec find "$1"/ -mindepth 1 -maxdepth 1 -print0`;
  const output = await runFileScript(commands, script, {
    syscall: 'scandir',
    args: [path],
    maxBuffer: Infinity,
  });
  return namesIn(output)
    .map((found) => found.slice(found.lastIndexOf('/') + 1))
    .sort(byPath);
}

/** Directories that show the kernel, not files of the container. */
const kernelDirectories = ['/proc', '/sys', '/dev'];

/**
 * Returns the paths that a glob matches, sorted. Wildcards match names that begin with a dot too; `**` does not follow
 * links, and leaves out /proc, /sys and /dev unless the pattern begins there.
 */
export async function globPaths(commands: RootCommands, pattern: string): Promise<string[]> {
  if (typeof (pattern as unknown) !== 'string' || !pattern.startsWith('/')) {
    throw new InvalidOptionError('pattern', 'must be an absolute path with wildcards', pattern);
  }
  const { base } = picomatch.scan(pattern);
  const matches = picomatch(pattern, { dot: true });
  const start = base === '' ? '/' : base;
  const script = `[ -e "$1" ] || [ -L "$1" ] || exit 0
    s=$1; shift; find "$s" \\( -path /proc -o -path /sys -o -path /dev \\) ! -path "$s" -prune -o -print0 2>/dev/null; exit 0`;
  const output = await runFileScript(commands, script, {
    syscall: 'scandir',
    args: [start],
    maxBuffer: Infinity,
  });
  const outside = kernelDirectories.filter((directory) => start !== directory);
  return namesIn(output)
    .filter((path) => matches(path) && !outside.includes(path))
    .sort(byPath);
}

export async function makeDirectory(
  commands: RootCommands,
  path: string,
  { recursive = false, mode }: MakeDirectoryOptions,
): Promise<void> {
  const octal = modeArgument(mode);
  const flags = `${recursive ? '-p ' : ''}${octal === '' ? '' : `-m ${octal} `}`;
  await runFileScript(commands, `mkdir ${flags}-- "$1" || { s=$?; ${failUnlessDirectories}; exit $s; }`, {
    syscall: 'mkdir',
    args: [trimmed(path)],
  });
}

export async function removePath(
  commands: RootCommands,
  path: string,
  { recursive = false, force = false }: RemoveOptions,
): Promise<void> {
  // Without slashes at the end: `link/` would be the directory that the link leads to.
  const target = trimmed(path);
  if (/^\/+$/.test(target))
    throw new FileError('EBUSY', 'rm', path, "the root directory of a container can't be removed");
  const isRealDirectory = '[ -d "$1" ] && [ ! -L "$1" ]';
  const remove = recursive
    ? 'rm -rf -- "$1"'
    : `if ${isRealDirectory}; then rmdir -- "$1"; else rm -f -- "$1"; fi`;
  const missing = force ? 'exit 0' : 'exec ls -d -- "$1"';
  await runFileScript(commands, `[ -e "$1" ] || [ -L "$1" ] || ${missing}; ${remove}`, {
    syscall: 'rm',
    args: [target],
  });
}

export async function pathExists(commands: RootCommands, path: string): Promise<boolean> {
  const output = await runFileScript(commands, 'if [ -e "$1" ]; then echo yes; fi', {
    syscall: 'access',
    args: [path],
  });
  return output.length > 0;
}

function namesIn(output: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0, end = output.indexOf(0); end >= 0; at = end + 1, end = output.indexOf(0, at)) {
    names.push(decodePath(output.subarray(at, end)));
  }
  return names;
}
