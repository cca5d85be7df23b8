import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { inContainer } from '../../container/container-state';

/**
 * Starts an exec and gives its connection, whose maker has to end it.
 *
 * A request that carries input is never ended by its sender. So when the engine refuses it, docker-modem gives the
 * error and leaves the connection open, for good: it would keep the process from ending. It is closed here.
 *
 * @param options `stdin`: whether input follows; `tty`: whether it was made with a terminal (default false)
 * @throws ContainerError `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING`
 */
export async function startExec(
  container: StartedContainer,
  exec: Docker.Exec,
  { stdin, tty = false }: { stdin: boolean; tty?: boolean },
): Promise<Duplex> {
  const refusal = new AbortController();
  // An engine may leave a request about a container that is being removed without an answer.
  const abortSignal = AbortSignal.any([container.removal, refusal.signal]);
  try {
    return await inContainer(container, () => exec.start({ hijack: true, stdin, Tty: tty, abortSignal }));
  } catch (error) {
    refusal.abort();
    throw error;
  }
}
