import { checkCommand } from '../command/options';
import { InvalidOptionError } from '../support/errors';

export { defaultTimeout, timeoutOf, type WaitOptions } from '../support/wait-options';

/** What runs in a terminal, and how large the terminal is. */
export interface TerminalOptions {
  /**
   * The program and its arguments. Default: the image's shell, as `docker run -it` starts it; else `bash`, else `sh`.
   */
  command?: readonly string[];
  /** Environment variables added to the container's and to `TERM=xterm`, which the engine sets. */
  env?: Readonly<Record<string, string>>;
  /** User, as `name`, `uid`, `name:group` or `uid:gid`. Default: the container's. */
  user?: string;
  /** Working directory, an absolute path in the container. Default: the container's. */
  cwd?: string;
  /** Width in characters. Default 80. */
  columns?: number;
  /** Height in lines. Default 24. */
  rows?: number;
  /** How many lines are kept of those that scroll off the top of the screen. Default 1000. */
  scrollback?: number;
  /**
   * How much is kept of what the program prints, for transcript and recording, in bytes; the oldest goes first. Default
   * 4,000,000.
   */
  recordingLimit?: number;
}

/**
 * Throws at the first option that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkTerminalOptions(options: TerminalOptions): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionError(name, `is not an option; there are ${known.join(', ')}`, name);
    }
  }
  const { command, columns, rows, scrollback, recordingLimit, ...where } = options;
  if (command !== undefined) checkArgv(command);
  checkCommand(command ?? ['sh'], { env: where.env, user: where.user, cwd: where.cwd });
  checkSize(columns, rows);
  checkCount('scrollback', scrollback, 'a number of lines');
  checkCount('recordingLimit', recordingLimit, 'a number of bytes');
}

/**
 * Throws where a terminal can't have that size.
 *
 * @throws InvalidOptionError
 */
export function checkSize(columns: number | undefined, rows: number | undefined): void {
  checkCharacters('columns', columns, 2);
  checkCharacters('rows', rows, 1);
}

const known = ['command', 'env', 'user', 'cwd', 'columns', 'rows', 'scrollback', 'recordingLimit'];

function checkArgv(command: unknown): void {
  if (!Array.isArray(command) || command.length === 0) {
    throw new InvalidOptionError(
      'command',
      "must be a list of a program and its arguments, such as ['less', '/etc/passwd']",
      command,
    );
  }
}

function checkCharacters(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= 1000)) {
    throw new InvalidOptionError(name, `must be a whole number from ${least} to 1000`, value);
  }
}

function checkCount(name: string, value: number | undefined, what: string): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
    throw new InvalidOptionError(name, `must be ${what}, 0 or more`, value);
  }
}
