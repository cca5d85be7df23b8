import { checkArgv, processChecks } from '../command/options';
import { checkOptions, type OptionChecks } from '../support/check-options';
import { must, wholeNumber, wholeNumberOf } from '../support/option-checks';

/** What runs in a terminal, and how large the terminal is. */
export interface TerminalOptions {
  /** The program and its arguments. Default: the image's shell, as `docker run -it` starts it; else `bash`, else `sh`. */
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
  /** How much is kept of what the program prints, for transcript and recording, in bytes; the oldest goes first. Default 4,000,000. */
  recordingLimit?: number;
}

const checks = {
  ...processChecks,
  command: must(
    "must be a list of a program and its arguments, such as ['less', '/etc/passwd']",
    (value) => Array.isArray(value) && value.length > 0,
  ),
  columns: wholeNumber(2, 1000),
  rows: wholeNumber(1, 1000),
  scrollback: wholeNumberOf('lines'),
  recordingLimit: wholeNumberOf('bytes'),
} satisfies OptionChecks<TerminalOptions>;

/**
 * Throws at the first option that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkTerminalOptions(options: TerminalOptions): void {
  checkOptions(options, checks);
  checkArgv(options.command ?? []);
}

/**
 * Throws where a terminal can't have that size.
 *
 * @throws InvalidOptionError
 */
export function checkSize(columns: number, rows: number): void {
  checks.columns('columns', columns);
  checks.rows('rows', rows);
}
