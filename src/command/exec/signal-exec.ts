import { constants } from 'node:os';
import type Docker from 'dockerode';
import { ContainerError } from '../../container/errors';
import type { StartedContainer } from '../../container/started-container';
import { InvalidOptionError } from '../../support/errors';
import { shortId } from '../../support/short-id';
import { pidInContainer } from './kill';
import { killExec, runKillScript } from './kill-exec';

/**
 * Sends a signal to the program of an exec, unless it has ended. SIGKILL also goes to everything that the program
 * started, and works on every engine. Any other signal goes to the program alone.
 *
 * @throws InvalidOptionError for a name that is not a signal's
 * @throws ContainerError `PROCESS_NOT_SEEN` if this machine can't see the engine's processes, or nothing in the
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
    `${signal} could not be sent in container ${shortId(container.id)}: this machine can't see the engine's ` +
      'processes, or the container has no /bin/sh. SIGKILL works everywhere; ' +
      'box.$`kill …` takes a process id inside the container.',
  );
}
