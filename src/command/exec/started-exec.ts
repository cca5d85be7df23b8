import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';

/** An exec that was started. */
export interface StartedExec {
  exec: Docker.Exec;
  stream: Duplex;
  /** The program's process id in the container. Undefined: only the engine knows the process, if there is one. */
  pid: number | undefined;
  /** Whether the engine tells its process id even after its end. */
  pidsKept: boolean;
  /** Whether its terminal had its size when it started. */
  sized: boolean;
}
