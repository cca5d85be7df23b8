import { inContainer } from '../container/container-state';
import { ContainerError } from '../container/errors';
import { howItEnded } from '../container/started/not-running';
import type { StartedContainer } from '../container/started-container';
import { codeOf, PollTimeoutError } from '../support/errors';
import { poll } from '../support/poll';
import { redactorOf } from '../support/secrets/redact';
import { ServiceError } from './errors';
import { nameOf, type ServiceContainer } from './service-container';
import { formatDiagnostics, logEnd } from './diagnostics';
import { clearTimeout, setTimeout } from '../support/time';

/** The result of one check of a service. */
export interface WaitStatus {
  ready: boolean;
  /** What the check saw, as it reads after "Last seen": `status 503 Service Unavailable`. */
  seen: string;
}

/** A wait for a service. */
export interface ServiceWait {
  /** The condition, as it reads after "waiting for": `something to listen on port 80`. */
  for: string;
  /** The time limit of the wait, in milliseconds. */
  timeout: number;
  /** The pause between two checks, in milliseconds. */
  interval: number;
  /** @param time aborted when the time is over, to end a check that takes long */
  look: (time: AbortSignal) => WaitStatus | Promise<WaitStatus>;
  /** One more check after the container's end, because the condition may have come true just before. */
  lastLook?: () => Promise<WaitStatus>;
}

/**
 * Checks a service repeatedly until it is ready.
 *
 * @throws ServiceError `NOT_READY`, `CONTAINER_ENDED`; the message has the last status and the end of the log, and for
 * `NOT_READY` the processes
 * @throws ContainerError `CONTAINER_REMOVED`
 */
export async function waitForService(service: ServiceContainer, wait: ServiceWait): Promise<void> {
  const [time, over] = [new AbortController(), new AbortController()];
  const timer = setTimeout(() => time.abort(), wait.timeout);
  const isOver = (): boolean => time.signal.aborted;
  let seen = '';
  const look = async (): Promise<boolean> => {
    if (isOver()) return false;
    const sight = await wait.look(time.signal);
    // A check that was cut off tells less than the one before it.
    seen = isOver() && seen !== '' ? `${seen}\nThen: ${sight.seen}` : sight.seen;
    return sight.ready;
  };
  const { interval, timeout } = wait;
  try {
    const looks = poll(look, { for: wait.for, timeout, interval, signal: over.signal });
    await Promise.race([looks, containerEnd(service.container, over.signal)]);
  } catch (error) {
    if (error instanceof PollTimeoutError) throw await notReady(service, wait, seen || 'nothing yet', error);
    if (codeOf(error) !== 'CONTAINER_NOT_RUNNING') throw error;
    if ((await wait.lastLook?.())?.ready === true) return;
    throw await containerEnded(service.container, wait, seen || 'nothing yet', error);
  } finally {
    clearTimeout(timer);
    time.abort();
    over.abort();
  }
}

/** Waits for the end of process 1 (Engine API, "Wait for a container"), and throws then. */
async function containerEnd(container: StartedContainer, signal: AbortSignal): Promise<never> {
  await inContainer(container, () => container.docker.wait({ abortSignal: signal }));
  container.removal.throwIfAborted();
  throw new ContainerError('CONTAINER_NOT_RUNNING', `Process 1 of ${nameOf(container)} has ended.`);
}

async function notReady(
  service: ServiceContainer,
  wait: ServiceWait,
  seen: string,
  cause: unknown,
): Promise<ServiceError> {
  const { redact } = redactorOf(service.container);
  const message = `Gave up after ${wait.timeout} ms of waiting for ${wait.for} in ${nameOf(service.container)}.`;
  const situation = await formatDiagnostics(service);
  return new ServiceError('NOT_READY', redact(`${message}\nLast seen: ${seen}\n\n${situation}`), { cause });
}

async function containerEnded(
  container: StartedContainer,
  wait: ServiceWait,
  seen: string,
  cause: unknown,
): Promise<unknown> {
  const { State } = await inContainer(container, () => container.docker.inspect());
  // If the container is paused or was started again, the first error says more.
  if (State.Running) return cause;
  const how = howItEnded(State).replace(/^it /, '');
  const { redact } = redactorOf(container);
  const message = `Waited for ${wait.for}, but ${nameOf(container)} ${how}.`;
  const situation = await logEnd(container);
  return new ServiceError('CONTAINER_ENDED', redact(`${message}\nLast seen: ${seen}\n\n${situation}`), {
    cause,
  });
}
