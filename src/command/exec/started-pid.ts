import type Docker from 'dockerode';
import { poll } from '../../support/poll';

/**
 * The engine's id of an exec's process, as soon as it has one; 0 where the engine has given up starting it.
 *
 * An exec that has not been started yet is not running either, but has no exit code (Engine API, "Inspect an exec
 * instance").
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
