/** One command of the `belljar` program: a file of its own, and a line in cli.ts. */
export interface Command {
  /** What is typed: `doctor`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `belljar NAME --help` prints. */
  help: string;
  /**
   * Does it.
   *
   * @param args what follows the command's name
   * @returns the exit code
   * @throws UsageError for options that it doesn't know
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
  /** How many columns fit, where it is a terminal. */
  columns?: number;
}
