import { constants } from 'node:os';
import { ContainerError } from '../../container/errors';
import type { StartedContainer } from '../../container/started-container';
import { InvalidOptionError } from '../../support/errors';
import { shortId } from '../../support/short-id';
import { killExec, runKillScript, runningPid } from './kill-exec';
import type { StartedExec } from './started-exec';

/**
 * Sends a signal to the program of an exec, unless it has ended. SIGKILL also goes to everything that the program
 * started. Any other signal goes to the program alone.
 *
 * @throws InvalidOptionError for a name that is not a signal's
 * @throws ContainerError `PROCESS_NOT_SEEN` if nothing in the container can send the signal; `CONTAINER_KILLED` if only
 * SIGKILL to the whole container could end the program
 */
export async function signalExec(
  container: StartedContainer,
  started: Pick<StartedExec, 'exec' | 'pid'>,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!Object.hasOwn(constants.signals, signal)) {
    throw new InvalidOptionError('signal', 'must be the name of a signal, such as SIGTERM', signal);
  }
  if (signal === 'SIGKILL') {
    const problem = await killExec(container, started);
    if (problem !== undefined) throw new ContainerError('CONTAINER_KILLED', problem.message);
    return;
  }
  const { exec } = started;
  const pid = await runningPid(container, started);
  if (pid === 'ended') return;
  const args = [signal.slice('SIG'.length), String(pid)];
  const sent =
    pid !== undefined &&
    (await runKillScript(container.docker, 'kill -s "$1" "$2" 2>/dev/null', args, 'a signal to be sent')) !==
      undefined;
  if (!sent && (await exec.inspect()).Running) throw notSeen(container, signal);
}

function notSeen(container: StartedContainer, signal: NodeJS.Signals): ContainerError {
  return new ContainerError(
    'PROCESS_NOT_SEEN',
    `${signal} could not be sent in container ${shortId(container.id)}: the container has no /bin/sh, or no room for ` +
      'another process. SIGKILL ends the program, if need be with its container.',
  );
}
