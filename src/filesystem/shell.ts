import type { Commands } from '../command/commands';
import type { BufferOptions } from '../command/options';
import type { StartedContainer } from '../container/started-container';
import type { Readable } from 'node:stream';
import type { CommandResult } from '../command/result';
import { codeFromOutput, FileError, type FileErrorCode } from './errors';
import { encodePath, isPlain } from './path';

/** How a script of ours ends where a tool would have no error text, or none that tells causes apart. */
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

/** Names a user only where the container's own isn't root: a user that is named has shells of its own to be opened. */
export function rootCommands(container: Pick<StartedContainer, 'user'>, commands: Commands): RootCommands {
  return {
    run: (file, args, options) => {
      const isRoot = ['', '0', 'root', '0:0', 'root:root'].includes(container.user);
      return commands.run(file, args, isRoot ? options : { ...options, user: '0' });
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
  maxBuffer?: number;
}

/**
 * Runs a script for a file operation, in one round trip: `/bin/sh` and the image's own tools, as root. That trusts
 * those tools, which code under test could have replaced; what must not (changes, fingerprints, copies) asks the
 * engine.
 *
 * @throws FileError whatever the script's last line on standard error says
 */
export async function runFileScript(
  commands: RootCommands,
  script: string,
  { syscall, args, input, detail, maxBuffer }: ScriptOptions,
): Promise<Buffer> {
  const { prelude, words } = scriptArguments(args);
  const result = await commands.run(
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
  if (result.failed) throw failure(result, syscall, args[0] ?? '', detail);
  return Buffer.from(result.stdout.buffer, result.stdout.byteOffset, result.stdout.byteLength);
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

/** Arguments of a command are text. Names that are not come as octal escapes, which the script's first line undoes. */
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

/** Script: exits as ENOTDIR where something on the way to `$1` is there but is no directory, which dash doesn't say. */
export const failUnlessDirectories = `d=\${1%/*}; while [ -n "$d" ] && [ ! -e "$d" ]; do d=\${d%/*}; done; [ -d "\${d:-/}" ] || exit 101`;
