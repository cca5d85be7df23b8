import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { statusOf } from '../../support/errors';
import { poll, pollOrUndefined } from '../../support/poll';
import type { CommandProblem } from '../transport';
import { endOf, startedPid } from './exec-state';
import { killTreeScript, pidInContainer } from './kill';
import type { StartedExec } from './started-exec';

/**
 * Kills a running exec with everything that it started. If its processes can't be killed one by one (an image without
 * `/bin/sh`, no room for another process), kills the whole container, so that nothing runs on.
 *
 * @returns the problem, if the whole container had to be killed
 */
export async function killExec(
  container: StartedContainer,
  started: Pick<StartedExec, 'exec' | 'pid'>,
): Promise<CommandProblem | undefined> {
  const { exec } = started;
  const pid = await runningPid(container, started);
  if (pid === 'ended') return undefined;
  if (pid !== undefined && (await killTree(container.docker, pid))) return undefined;
  if (await endsByItself(exec)) return undefined;
  return killContainer(
    container,
    pid === undefined ? "This machine can't see the engine's processes" : noKiller,
  );
}

/**
 * Returns the process id in the container of an exec's program; `ended` if it does not run, undefined if it can't be
 * found.
 */
export async function runningPid(
  { docker }: StartedContainer,
  { exec, pid }: Pick<StartedExec, 'exec' | 'pid'>,
): Promise<number | 'ended' | undefined> {
  if (pid !== undefined) return (await exec.inspect()).Running ? pid : 'ended';
  const enginePid = await startedPid(exec);
  return enginePid === 0 ? 'ended' : pidInContainer(docker, enginePid);
}

/** The reason why processes could not be killed one by one. */
export const noKiller =
  'The container has no /bin/sh to kill the processes one by one, or no room for another process';

/**
 * Kills all that runs in a container.
 *
 * @param why the reason, as it reads before "so the whole container was killed"
 */
export async function killContainer({ docker }: StartedContainer, why: string): Promise<CommandProblem> {
  try {
    await docker.kill({ signal: 'SIGKILL' });
  } catch (error) {
    // 404 and 409: it is gone or stopped already.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
  return { code: 'CONTAINER_KILLED', message: `${why}, so the whole container was killed.` };
}

/**
 * Kills a process in a container with all that belongs to it, by a separate exec.
 *
 * @param pid the process id inside the container
 * @returns false if there is no `/bin/sh`, or no room for its process
 */
export async function killTree(container: Docker.Container, pid: number): Promise<boolean> {
  return (await runKillScript(container, killTreeScript, [String(pid)], 'a command to be killed')) === 0;
}

/**
 * Runs a script as root by a separate exec.
 *
 * @param purpose what the wait is for, as a timeout's message has it
 * @returns its exit code; undefined if there is no `/bin/sh`, or no room for its process
 */
export async function runKillScript(
  container: Docker.Container,
  script: string,
  args: readonly string[],
  purpose: string,
): Promise<number | undefined> {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', script, 'sh', ...args],
    User: '0',
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  const { Pid, ExitCode } = await poll(() => endOf(exec), { for: purpose, timeout: 30_000, interval: 10 });
  stream.destroy();
  // The engine could not start the shell. Podman has no process id for any exec that has ended.
  return Pid === 0 && ExitCode !== 0 ? undefined : (ExitCode ?? undefined);
}

/** A process that has just ended can't be found either, and the engine records its end a moment later. */
async function endsByItself(exec: Docker.Exec): Promise<boolean> {
  const recorded = { for: 'the engine to record that a command has ended', timeout: 1000, interval: 20 };
  return (await pollOrUndefined(() => endOf(exec), recorded)) !== undefined;
}
