/** The reason why a command failed. */
export type CommandErrorCode =
  /** The command ended with an exit code other than 0. */
  | 'EXIT_CODE'
  /** The command was killed because its option `timeout` was over. */
  | 'TIMED_OUT'
  /** The command was killed because its option `cancelSignal` was aborted. */
  | 'CANCELED'
  /** The command was killed because it printed more than its option `maxBuffer` allows. */
  | 'MAX_BUFFER'
  /** The command never started: the container has no such program. */
  | 'PROGRAM_NOT_FOUND'
  /** The command never started: its program is a directory, or may not be executed. */
  | 'PROGRAM_NOT_EXECUTABLE'
  /** The command never started: its working directory is not there, is not a directory, or may not be entered. */
  | 'DIRECTORY_NOT_FOUND'
  /** The command never started: the container has no such user or group. */
  | 'USER_NOT_FOUND'
  /** The command never started for another reason, which the message has. */
  | 'COMMAND_NOT_STARTED'
  /** The command never started: `via` is `'shell'`, and no persistent shell can run it. */
  | 'NOT_BY_SHELL'
  /** The exit code is unknown: the command ran on after its persistent shell was killed, so belljar killed it, too. */
  | 'SHELL_KILLED'
  /** The whole container was killed, because the command's processes could not be killed one by one. */
  | 'CONTAINER_KILLED';

/** The result of a command. The fields are execa's; a `CommandError` has them too. */
export interface CommandResult<Output extends string | Uint8Array = string> {
  /** The program and its arguments, joined by spaces, for logs: not safe to run. */
  command: string;
  /** The program and its arguments, quoted as a shell would run them. */
  escapedCommand: string;
  /** Undefined if the command never started or never ended by itself. */
  exitCode: number | undefined;
  /** The name of the signal if the exit code is 128 plus its number, as a shell reports it. */
  signal: NodeJS.Signals | undefined;
  stdout: Output;
  stderr: Output;
  /** Standard output and error in the order in which the engine sent them. */
  all: Output;
  /** From the call to the end, in milliseconds. */
  durationMs: number;
  timedOut: boolean;
  isCanceled: boolean;
  isMaxBuffer: boolean;
  failed: boolean;
  /**
   * The reason why the command failed; undefined if it did not. {@link CommandErrorCode} has the meaning of each code.
   */
  code: CommandErrorCode | undefined;
}
