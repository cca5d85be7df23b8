/** What a command did. The fields are execa's; a `CommandError` has them too. */
export interface CommandResult<Output extends string | Uint8Array = string> {
  /** The program and its arguments, joined by spaces, for logs: not safe to run. */
  command: string;
  /** The same, quoted so that a shell would run it. */
  escapedCommand: string;
  /** Undefined where the command never started or never ended by itself. */
  exitCode: number | undefined;
  /** The name of the signal where the exit code is 128 plus its number, the way a shell reports it. */
  signal: NodeJS.Signals | undefined;
  stdout: Output;
  stderr: Output;
  /** Standard output and error in the order in which the engine sent them. */
  all: Output;
  durationMs: number;
  timedOut: boolean;
  isCanceled: boolean;
  isMaxBuffer: boolean;
  failed: boolean;
  /** Why the command failed other than by its exit code: `PROGRAM_NOT_FOUND`, `TIMED_OUT`… Undefined otherwise. */
  code: string | undefined;
}
