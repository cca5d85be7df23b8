/** One command of the `belljar` program. */
export interface Command {
  /** The name as a user types it: `doctor`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The output of `belljar NAME --help`. */
  help: string;
  /**
   * Runs the command.
   *
   * @param args the arguments after the command's name
   * @returns the exit code
   * @throws UsageError for options that the command does not have
   */
  run(args: readonly string[], output: Output): Promise<number>;
}

/** Where a command prints. */
export interface Output {
  /** Prints to standard output; a line end is added. */
  print(text: string): void;
  /** Prints to standard error; a line end is added. */
  printError(text: string): void;
  /** Whether standard output may be colored. */
  colors: boolean;
  /** The width of the terminal in columns; undefined if standard output is not a terminal. */
  columns?: number;
}
