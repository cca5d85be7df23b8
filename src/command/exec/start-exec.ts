import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { inContainer } from '../../container/container-state';

/**
 * Starts an exec and returns its connection, which the caller has to end.
 *
 * docker-modem never ends a request that carries input. When the engine refuses such a request, docker-modem reports
 * the error and leaves the connection open, which would keep Node.js alive. So the connection is closed here.
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
  // An engine may never answer a request about a container that is being removed.
  const abortSignal = AbortSignal.any([container.removal, refusal.signal]);
  try {
    return await inContainer(container, () => exec.start({ hijack: true, stdin, Tty: tty, abortSignal }));
  } catch (error) {
    refusal.abort();
    throw error;
  }
}
