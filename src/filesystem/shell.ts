import { codeOf } from '../support/errors';
import type { Commands } from '../command/commands';
import type { BufferOptions } from '../command/options';
import { isRoot } from '../container/root-user';
import type { StartedContainer } from '../container/started-container';
import type { Readable } from 'node:stream';
import type { CommandResult } from '../command/result';
import { codeFromOutput, FileError, type FileErrorCode } from './errors';
import { encodePath, isPlain } from './path';

/** The exit codes of belljar's scripts, for causes that no tool's message tells apart. */
const exitCodes: ReadonlyMap<number, FileErrorCode> = new Map([
  [101, 'ENOTDIR'],
  [102, 'EINVAL'],
  [103, 'EBUSY'],
]);

/** Runs commands as root. */
export interface RootCommands {
  run(
    file: string,
    args: readonly string[],
    options: Omit<BufferOptions, 'user'>,
  ): Promise<CommandResult<Uint8Array>>;
}

/**
 * Creates the way to run commands as root. It names the user only if the container's own isn't root, because each named
 * user needs more shells.
 */
export function rootCommands(
  container: Pick<StartedContainer, 'user'>,
  commands: Pick<Commands, 'run'>,
): RootCommands {
  return {
    run: (file, args, options) => {
      return commands.run(file, args, isRoot(container.user) ? options : { ...options, user: '0' });
    },
  };
}

export interface ScriptOptions {
  /** The operation, for errors. */
  syscall: string;
  /** Arguments of the script: `$1` is the path that errors name. */
  args: readonly string[];
  input?: string | Uint8Array | Readable;
  /** What an exit code from {@link exitCodes} means here. */
  detail?: string;
  /** The most bytes that the script may print. Default: as for every command. */
  maxBuffer?: number;
  /** What it means that the script prints more, for the error `EFBIG`. */
  tooMuch?: string;
}

/**
 * Runs a script for a file operation, in one round trip: `/bin/sh` and the image's own tools, as root. Code under test
 * could have replaced those tools. Changes, fingerprints and copies must not trust them, so they use the engine.
 *
 * @throws FileError with the code that the script's last line on standard error says
 */
export async function runFileScript(
  commands: RootCommands,
  script: string,
  { syscall, args, input, detail, maxBuffer, tooMuch }: ScriptOptions,
): Promise<Buffer> {
  const { prelude, words } = scriptArguments(args);
  const running = commands.run(
    '/bin/sh',
    ['-c', `export LC_ALL=C; umask 022; ${prelude}${script}`, 'sh', ...words],
    {
      encoding: 'buffer',
      cwd: '/',
      reject: false,
      ...(input === undefined ? {} : { input }),
      ...(maxBuffer === undefined ? {} : { maxBuffer }),
    },
  );
  const result = await running.catch((error: unknown) => {
    // Where the engine is elsewhere, a command with a limit is not started in a container without a shell.
    throw codeOf(error) === 'PROCESS_NOT_SEEN' ? noShell(syscall, args[0] ?? '') : error;
  });
  if (result.isMaxBuffer) throw new FileError('EFBIG', syscall, args[0] ?? '', tooMuch);
  if (result.code === 'PROGRAM_NOT_FOUND') throw noShell(syscall, args[0] ?? '');
  if (result.failed) throw failure(result, syscall, args[0] ?? '', detail);
  return Buffer.from(result.stdout.buffer, result.stdout.byteOffset, result.stdout.byteLength);
}

const noShellDetail =
  'the container has no /bin/sh, which this operation needs: read(), write(), append(), stat(), list(), exists(), copyIn() and copyOut() need none';

function noShell(syscall: string, path: string): FileError {
  return new FileError('ENOTSUP', syscall, path, noShellDetail);
}

/** Returns whether an operation failed because the container has no shell. */
export function isNoShell(error: unknown): boolean {
  return error instanceof FileError && error.code === 'ENOTSUP' && error.message.includes(noShellDetail);
}

function failure(
  result: CommandResult<Uint8Array>,
  syscall: string,
  path: string,
  detail: string | undefined,
): FileError {
  const stderr = Buffer.from(result.stderr).toString();
  const known = exitCodes.get(result.exitCode ?? 0);
  if (known !== undefined) return new FileError(known, syscall, path, detail);
  const code = codeFromOutput(stderr);
  if (code !== undefined) return new FileError(code, syscall, path);
  const why =
    stderr.trim() || `the shell ended with ${result.code ?? 'no reason'} ${result.exitCode ?? ''}`.trim();
  return new FileError('EIO', syscall, path, why);
}

/**
 * Arguments of a command are strings. Names that are not UTF-8 come as octal escapes, which the script's first line
 * undoes.
 */
function scriptArguments(args: readonly string[]): { prelude: string; words: readonly string[] } {
  if (args.every(isPlain)) return { prelude: '', words: args };
  const numbers = args.map((_, index) => index + 1);
  // The character at the end keeps newlines there from being dropped.
  const decoded = numbers.map((n) => `"$(printf "\${${n}}_")"`).join(' ');
  const cut = numbers.map((n) => `"\${${n}%_}"`).join(' ');
  return { prelude: `set -- ${decoded}; set -- ${cut}; `, words: args.map(octalEscapes) };
}

function octalEscapes(text: string): string {
  return [...encodePath(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/**
 * A script that exits as ENOTDIR if something on the way to `$1` exists but is not a directory, which dash doesn't say.
 */
export const failUnlessDirectories = `d=\${1%/*}; while [ -n "$d" ] && [ ! -e "$d" ]; do d=\${d%/*}; done; [ -d "\${d:-/}" ] || exit 101`;
