import type Docker from 'dockerode';
import { messageOf } from '../../support/errors';
import { outputEnd } from '../../support/lines';
import { redactorOf, type Redactor } from '../../support/secrets/redact';
import { shortId } from '../../support/short-id';
import { signalOf } from '../../support/signal-of';
import { ContainerError } from '../errors';
import { readLogs } from '../logs';
import type { StartedContainer } from '../started-container';

type State = Docker.ContainerInspectInfo['State'];

/**
 * Returns the error for a container in which nothing can run: it is paused or restarting, or it has ended. For an end,
 * the message has the exit code and the last lines of the log.
 *
 * @param when appended to how it ended, such as ` while the command ran`
 */
export async function notRunningError(
  container: StartedContainer,
  state: State,
  { when = '', cause }: { when?: string; cause?: unknown } = {},
): Promise<ContainerError> {
  const name = `Container ${shortId(container.id)} (${container.image.reference})`;
  const paused = state.Paused ? 'it is paused; box.docker.unpause() lets it run on' : undefined;
  const restarting = state.Restarting ? `it is restarting, because ${howItEnded(state)}` : undefined;
  const log = state.Paused ? '' : `\n\n${await logEnd(container.docker, redactorOf(container))}`;
  return new ContainerError(
    'CONTAINER_NOT_RUNNING',
    `${name} is not running: ${paused ?? restarting ?? howItEnded(state)}${when}.${log.trimEnd()}`,
    { cause },
  );
}

/** Formats how a container has ended: `it ended with exit code 137 (SIGKILL)`. */
export function howItEnded({ Status, OOMKilled, ExitCode, Error: problem }: State): string {
  if (Status === 'created') return 'it was never started';
  const signal = signalOf(ExitCode);
  const code = `exit code ${ExitCode}${signal === undefined ? '' : ` (${signal})`}`;
  const reason = problem === '' ? '' : `: ${problem}`;
  return OOMKilled ? `it ran out of memory and was killed with ${code}` : `it ended with ${code}${reason}`;
}

/** Returns the end of the log, under a heading; an empty string if process 1 has printed nothing. */
export async function logEnd(docker: Docker.Container, redactor: Redactor): Promise<string> {
  try {
    return outputEnd('Log of process 1', await readLogs(docker, { tail: 50 }), redactor);
  } catch (error) {
    // Some log drivers can't be read. The failure that this explains matters more.
    return `The log of process 1 can't be read: ${messageOf(error)}`;
  }
}
