import type { Readable } from 'node:stream';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import {
  abortSignal,
  absolutePath,
  environment,
  isText,
  must,
  numberOf,
  oneOf,
  trueOrFalse,
} from '../support/options/option-checks';
import type { TransportName } from './transport';

/** Options of a command. The names are execa's. */
export interface CommandOptions {
  /** Working directory, an absolute path in the container. Default: the container's. */
  cwd?: string;
  /** Environment variables added to the container's. */
  env?: Readonly<Record<string, string>>;
  /** User, as `name`, `uid`, `name:group` or `uid:gid`. Default: the container's. */
  user?: string;
  /** What the command reads on standard input. Default: nothing, end of file at once. */
  input?: string | Uint8Array | Readable;
  /** Kill the command and everything it started after this many milliseconds. Default 0: never. */
  timeout?: number;
  /** Kill the command and everything it started when this is aborted. */
  cancelSignal?: AbortSignal;
  /** Whether a failed command rejects with a `CommandError`. Default true. */
  reject?: boolean;
  /** How output is returned: decoded once as UTF-8, or the bytes untouched. Default `utf8`. */
  encoding?: 'utf8' | 'buffer';
  /** The limit of stdout and of stderr, in bytes. A command that prints more is killed. Default 100,000,000. */
  maxBuffer?: number;
  /**
   * The transport that brings the command into the container. `exec`: an exec of the engine, which takes about 45 ms.
   * `shell`: a persistent `/bin/sh`, which takes 1-2 ms and has the same result. It fails with `NOT_BY_SHELL` if no
   * shell can run the command. Default: a shell if it can run the command, otherwise an exec (no `/bin/sh`, input from
   * a stream, a very long command line).
   */
  via?: TransportName;
  /** Whether one newline at the end of each output is dropped. Default true. Never with `encoding: 'buffer'`. */
  stripFinalNewline?: boolean;
}

/** Options of a command whose output is returned as bytes. */
export type BufferOptions = CommandOptions & { encoding: 'buffer' };

/** The checks of the options that commands and spawned processes share. */
export const processChecks = {
  cwd: absolutePath,
  env: environment,
  user: must('must be a name or id, optionally with :group', (value) => isText(value) && value !== ''),
} satisfies OptionChecks<Pick<CommandOptions, 'cwd' | 'env' | 'user'>>;

export const commandChecks = {
  ...processChecks,
  input: must('must be a string, bytes or a readable stream', isInput),
  timeout: numberOf('milliseconds'),
  cancelSignal: abortSignal,
  reject: trueOrFalse,
  encoding: oneOf(['utf8', 'buffer']),
  via: oneOf(['exec', 'shell']),
  maxBuffer: numberOf('bytes'),
  stripFinalNewline: trueOrFalse,
} satisfies OptionChecks<CommandOptions>;

/**
 * Checks a command and its options.
 *
 * @throws InvalidOptionError
 */
export function checkCommand(argv: readonly string[], options: CommandOptions): void {
  checkArgv(argv);
  checkOptions(options, commandChecks);
}

/**
 * Checks a program and its arguments.
 *
 * @throws InvalidOptionError
 */
export function checkArgv(argv: readonly string[]): void {
  argv.forEach((argument: unknown, index) => {
    const name = index === 0 ? 'the program' : `argument ${index}`;
    if (typeof argument !== 'string') throw new InvalidOptionError(name, 'must be a string', argument);
    if (!isText(argument)) throw new InvalidOptionError(name, 'must not hold a NUL character', argument);
    if (index === 0 && argument === '') throw new InvalidOptionError(name, 'must not be empty', argument);
  });
}

function isInput(value: unknown): boolean {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return true;
  return typeof value === 'object' && value !== null && 'pipe' in value;
}
