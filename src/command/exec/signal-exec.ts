import { constants } from 'node:os';
import type Docker from 'dockerode';
import { ContainerError } from '../../container/errors';
import type { StartedContainer } from '../../container/started-container';
import { InvalidOptionError } from '../../support/errors';
import { pidInContainer } from './kill';
import { killExec, runKillScript } from './kill-exec';

/**
 * Sends the program of an exec a signal. SIGKILL goes to everything that it started, too, and works on every engine;
 * any other goes to the program alone. A program that has ended gets none.
 *
 * @throws InvalidOptionError for a name that is no signal's
 * @throws ContainerError `PROCESS_NOT_SEEN` where the engine's processes can't be seen from here, or nothing in the
 * container can send a signal
 */
export async function signalExec(
  container: StartedContainer,
  exec: Docker.Exec,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!Object.hasOwn(constants.signals, signal)) {
    throw new InvalidOptionError('signal', 'must be the name of a signal, such as SIGTERM', signal);
  }
  const { Running, Pid } = await exec.inspect();
  if (!Running) return;
  if (signal === 'SIGKILL') {
    await killExec(container, exec);
    return;
  }
  const pid = await pidInContainer(container.docker, Pid);
  const args = [signal.slice('SIG'.length), String(pid)];
  const sent =
    pid !== undefined &&
    (await runKillScript(container.docker, 'kill -s "$1" "$2" 2>/dev/null', args, 'a signal to be sent'));
  if (!sent && (await exec.inspect()).Running) throw notSeen(container, signal);
}

function notSeen(container: StartedContainer, signal: NodeJS.Signals): ContainerError {
  return new ContainerError(
    'PROCESS_NOT_SEEN',
    `${signal} could not be sent in container ${container.id.slice(0, 12)}: the engine's processes can't be seen from ` +
      "here, or there is no /bin/sh. SIGKILL works everywhere; box.$`kill …` takes a process id of the container's.",
  );
}
