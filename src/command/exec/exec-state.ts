import type Docker from 'dockerode';
import { inContainer } from '../../container/container-state';
import type { StartedContainer } from '../../container/started-container';
import { poll } from '../../support/poll';
import type { ContainerView } from './processes-seen';
import { isRuntimeMessage } from './start-problem';

/*
 * An exec that has not been started yet is not running either, but has no exit code (Engine API, "Inspect an exec
 * instance"); the engine answers a start before it starts anything.
 */

/**
 * Waits for the engine's id of an exec's process, and returns it; 0 if the engine could not start the process. If the
 * engine keeps no ids, 0 also for a process that has ended.
 *
 * @param signal ends the wait
 */
export async function startedPid(exec: Docker.Exec, signal?: AbortSignal): Promise<number> {
  const state = await poll(
    async () => {
      const { Pid, Running, ExitCode } = await exec.inspect();
      return Pid !== 0 || (!Running && ExitCode !== null) ? { Pid } : undefined;
    },
    { for: 'a command to start', timeout: 30_000, interval: 10, signal },
  );
  return state.Pid;
}

/**
 * Whether the engine never ran the program of an exec that has ended. The exec's output is then the engine's message.
 * If the engine keeps no process ids (Podman), its exit codes and its message tell: 125 to 127 (podman-exec(1)).
 *
 * @param message the begin of the exec's output
 */
export function neverRan(
  { Pid, ExitCode }: Pick<Docker.ExecInspectInfo, 'Pid' | 'ExitCode'>,
  message: string,
  { pidsKept }: Pick<ContainerView, 'pidsKept'>,
): boolean {
  if (Pid !== 0) return false;
  return pidsKept || ([125, 126, 127].includes(ExitCode ?? 0) && isRuntimeMessage(message));
}

/** An exec's state once it has ended; undefined until then. */
export async function endOf(exec: Docker.Exec): Promise<Docker.ExecInspectInfo | undefined> {
  const state = await exec.inspect();
  return state.Running || state.ExitCode === null ? undefined : state;
}

/** Waits for the end of an exec, which the engine records a moment after it has sent the last output. */
export function exitState(container: StartedContainer, exec: Docker.Exec): Promise<Docker.ExecInspectInfo> {
  return inContainer(container, () =>
    poll(() => endOf(exec), {
      for: 'the engine to record that a command has ended',
      timeout: 30_000,
      interval: 5,
      signal: container.removal,
    }),
  );
}
