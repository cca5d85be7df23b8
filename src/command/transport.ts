import type { Readable } from 'node:stream';
import type { OutputStream } from '../engine/framed-stream';
import type { CommandErrorCode } from './result';

/** How a command gets into its container: an exec of the engine's for each, or a shell that is held open. */
export type TransportName = 'exec' | 'shell';

/** A command as a channel carries it into a container: everything checked, nothing optional but what may be absent. */
export interface CommandRequest {
  /** The program and its arguments. */
  argv: readonly string[];
  cwd: string | undefined;
  env: Readonly<Record<string, string>>;
  user: string | undefined;
  /** The channel that has to carry it; undefined leaves the choice. */
  via?: TransportName;
  input: Uint8Array | Readable | undefined;
  /** Gets every piece of output as it comes. */
  onOutput: (stream: OutputStream, bytes: Buffer) => void;
  /** Aborted to end the command: the channel kills its whole process tree and then settles. */
  stop: AbortSignal;
}

/** How a command ended. */
export interface CommandExit {
  /** Undefined where it never started. */
  exitCode: number | undefined;
  /** Why it never started, or why it could not be stopped cleanly. */
  problem?: CommandProblem;
}

export interface CommandProblem {
  code: CommandErrorCode;
  /** What happened, for people. */
  message: string;
}

/**
 * A way to run commands in one container.
 *
 * @throws ContainerError `CONTAINER_NOT_RUNNING`, `CONTAINER_REMOVED`
 */
export type Transport = (request: CommandRequest) => Promise<CommandExit>;
