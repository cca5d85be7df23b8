import type { Readable } from 'node:stream';
import { InvalidOptionError } from '../support/errors';
import type { TransportName } from './transport';

/** How a command runs. The names are execa's. */
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
  /** How output is given: decoded once as UTF-8, or the bytes untouched. Default `utf8`. */
  encoding?: 'utf8' | 'buffer';
  /** The most bytes kept of each of stdout and stderr; a command that prints more is killed. Default 100,000,000. */
  maxBuffer?: number;
  /**
   * How it gets into the container. `exec`: by an exec of the engine's, which takes about 45 ms. `shell`: through a
   * `/bin/sh` that is held open, in 1-2 ms and with the same result; fails with `NOT_BY_SHELL` where none can carry it.
   * Default: through a shell where one can carry it, by an exec where not (no `/bin/sh`, input from a stream, a very
   * long command line).
   */
  via?: TransportName;
  /** Whether one newline at the end of each output is dropped. Default true. Never with `encoding: 'buffer'`. */
  stripFinalNewline?: boolean;
}

/** Options of a command whose output is returned as bytes. */
export type BufferOptions = CommandOptions & { encoding: 'buffer' };

/**
 * Throws at the first thing that no container could run.
 *
 * @throws InvalidOptionError
 */
export function checkCommand(argv: readonly string[], options: CommandOptions): void {
  checkArguments(argv);
  for (const [name, value] of Object.entries(options)) {
    const check = checks.get(name);
    if (check === undefined) {
      throw new InvalidOptionError(
        name,
        `is not an option; there are ${[...checks.keys()].join(', ')}`,
        value,
      );
    }
    if (value !== undefined) check(name, value);
  }
}

function checkArguments(argv: readonly string[]): void {
  argv.forEach((argument: unknown, index) => {
    const name = index === 0 ? 'the program' : `argument ${index}`;
    if (typeof argument !== 'string') throw new InvalidOptionError(name, 'must be a string', argument);
    if (argument.includes('\0'))
      throw new InvalidOptionError(name, 'must not hold a NUL character', argument);
    if (index === 0 && argument === '') throw new InvalidOptionError(name, 'must not be empty', argument);
  });
}

type Check = (name: string, value: unknown) => void;

function must(problem: string, holds: (value: unknown) => boolean): Check {
  return (name, value) => {
    if (!holds(value)) throw new InvalidOptionError(name, problem, value);
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const isBoolean = must('must be true or false', (value) => typeof value === 'boolean');

const checks: ReadonlyMap<string, Check> = new Map([
  [
    'cwd',
    must('must be an absolute path in the container', (value) => isText(value) && value.startsWith('/')),
  ],
  [
    'env',
    must('must be names and strings, names without "=" and nothing with a NUL character', isEnvironment),
  ],
  ['user', must('must be a name or id, optionally with :group', (value) => isText(value) && value !== '')],
  ['input', must('must be a string, bytes or a readable stream', isInput)],
  ['timeout', must('must be a number of milliseconds, 0 or more', isCount)],
  ['cancelSignal', must('must be an AbortSignal', isAbortSignal)],
  ['reject', isBoolean],
  ['encoding', must("must be 'utf8' or 'buffer'", (value) => value === 'utf8' || value === 'buffer')],
  ['via', must("must be 'exec' or 'shell'", (value) => value === 'exec' || value === 'shell')],
  ['maxBuffer', must('must be a number of bytes, 0 or more', isCount)],
  ['stripFinalNewline', isBoolean],
]);

function isEnvironment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, text]) => name !== '' && !/[=\0]/.test(name) && isText(text));
}

function isInput(value: unknown): boolean {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return true;
  return typeof value === 'object' && value !== null && 'pipe' in value;
}

function isAbortSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}
