import type { Readable } from 'node:stream';
import type { OutputStream } from '../engine/framed-stream';
import type { CommandErrorCode } from './result';

/** The name of a transport: an exec of the engine for each command, or a persistent shell. */
export type TransportName = 'exec' | 'shell';

/** A command for a transport. Everything in it is checked, and defaults are filled in. */
export interface CommandRequest {
  /** The program and its arguments. */
  argv: readonly string[];
  cwd: string | undefined;
  env: Readonly<Record<string, string>>;
  user: string | undefined;
  /** The only transport to use. Undefined: any. */
  via?: TransportName;
  input: Uint8Array | Readable | undefined;
  /** Receives every piece of output as it comes. */
  onOutput: (stream: OutputStream, bytes: Buffer) => void;
  /** Receives what the command's background processes print after its end, as long as the engine passes it on. */
  onLateOutput?: (bytes: Buffer) => void;
  /** Whether belljar has to be able to end the command alone, without its container. */
  stoppable: boolean;
  /** Aborted to end the command: the transport kills its whole process tree and then settles. */
  stop: AbortSignal;
}

/** How a command ended. */
export interface CommandExit {
  /** Undefined if the command never started. */
  exitCode: number | undefined;
  /** The reason why the command never started, or could not be stopped cleanly. */
  problem?: CommandProblem;
}

export interface CommandProblem {
  code: CommandErrorCode;
  /** What happened, as people read it. */
  message: string;
}

/**
 * Runs one command in its container.
 *
 * @throws ContainerError `CONTAINER_NOT_RUNNING`, `CONTAINER_REMOVED`
 */
export type Transport = (request: CommandRequest) => Promise<CommandExit>;
