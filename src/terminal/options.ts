import { checkArgv, processChecks } from '../command/options';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { must, wholeNumber, wholeNumberOf } from '../support/options/option-checks';

/** The program in a terminal, and the terminal's size. */
export interface TerminalOptions {
  /** The program and its arguments. Default: the image's command if it is a shell, else `bash`, else `sh`. */
  command?: readonly string[];
  /** Environment variables, in addition to the container's and to `TERM=xterm`, which the engine sets. */
  env?: Readonly<Record<string, string>>;
  /** The user, as `name`, `uid`, `name:group` or `uid:gid`. Default: the container's. */
  user?: string;
  /** The working directory, an absolute path in the container. Default: the container's. */
  cwd?: string;
  /** The width in characters, from 2 to 1000. Default 80. */
  columns?: number;
  /** The height in lines, from 1 to 1000. Default 24. */
  rows?: number;
  /** The maximum number of lines to keep that scroll off the top of the screen. Default 1000. */
  scrollback?: number;
  /**
   * The limit of the kept output for `transcript()` and `recording()`, in bytes. The oldest is dropped. Default
   * 4,000,000.
   */
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
 * Throws at the first invalid option.
 *
 * @throws InvalidOptionError
 */
export function checkTerminalOptions(options: TerminalOptions): void {
  checkOptions(options, checks);
  checkArgv(options.command ?? []);
}

/**
 * Throws if a terminal can't have that size.
 *
 * @throws InvalidOptionError
 */
export function checkSize(columns: number, rows: number): void {
  checks.columns('columns', columns);
  checks.rows('rows', rows);
}
