import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { statusOf } from '../../support/errors';
import { poll, pollOrUndefined } from '../../support/poll';
import type { CommandProblem } from '../transport';
import { endOf, startedPid } from './exec-state';
import { killTreeScript, pidInContainer } from './kill';

/**
 * Kills a running exec with everything it started. Where its processes can't be told apart from here - an engine on
 * another machine, an image without `/bin/sh` - the whole container is killed, so that nothing runs on.
 *
 * @returns what went otherwise than asked, if anything did
 */
export async function killExec(
  container: StartedContainer,
  exec: Docker.Exec,
): Promise<CommandProblem | undefined> {
  const enginePid = await startedPid(exec);
  if (enginePid === 0) return undefined;
  const pid = await pidInContainer(container.docker, enginePid);
  if (pid !== undefined && (await killTree(container.docker, pid))) return undefined;
  if (await endsByItself(exec)) return undefined;
  return killContainer(
    container,
    pid === undefined ? "The engine's processes can't be seen from here" : noKiller,
  );
}

/** Why processes could not be killed one by one. */
export const noKiller =
  'The container has no /bin/sh to kill the processes one by one, or no room for another process';

/**
 * Kills all that runs in a container, where less can't be done.
 *
 * @param why as it reads before "so the whole container was killed"
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
 * Kills a process of a container by its id inside it, with all that belongs to it, by an exec of its own.
 *
 * @returns false where there is no `/bin/sh` to do it, or no room for its process
 */
export async function killTree(container: Docker.Container, pid: number): Promise<boolean> {
  return runKillScript(container, killTreeScript, [String(pid)], 'a command to be killed');
}

/**
 * Runs a script as root by an exec of its own.
 *
 * @param purpose what it is waited for, for people
 * @returns false where there is no `/bin/sh` to do it
 */
export async function runKillScript(
  container: Docker.Container,
  script: string,
  args: readonly string[],
  purpose: string,
): Promise<boolean> {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', script, 'sh', ...args],
    User: '0',
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  const { Pid } = await poll(() => endOf(exec), { for: purpose, timeout: 30_000, interval: 10 });
  stream.destroy();
  return Pid !== 0;
}

/** A process that has just ended can't be found either, and the engine notes its end a moment later. */
async function endsByItself(exec: Docker.Exec): Promise<boolean> {
  const noted = { for: 'the engine to note that a command has ended', timeout: 1000, interval: 20 };
  return (await pollOrUndefined(() => endOf(exec), noted)) !== undefined;
}
