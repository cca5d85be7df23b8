import type Docker from 'dockerode';

/**
 * An exec's state once it has ended. One that has not been started yet is not running either, but has no exit code
 * (Engine API, "Inspect an exec instance"); the engine answers a start before it starts anything.
 *
 * @returns undefined until then
 */
export async function endOf(exec: Docker.Exec): Promise<Docker.ExecInspectInfo | undefined> {
  const state = await exec.inspect();
  return state.Running || state.ExitCode === null ? undefined : state;
}
