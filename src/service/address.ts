import { inContainer } from '../container/container-state';
import { ContainerError } from '../container/errors';
import type { StartedContainer } from '../container/started-container';
import { info } from '../engine/info';
import { codeOf } from '../support/errors';
import { ServiceError } from './errors';
import { nameOf } from './service-container';

/** Where a port of a container is reached from here. */
export interface Address {
  host: string;
  port: number;
}

/**
 * Where to reach a port of a container: where it is published, or else at the container itself, as far as that is in
 * this machine's reach.
 *
 * @throws ServiceError `NOT_REACHABLE`
 * @throws ContainerError `CONTAINER_NOT_RUNNING`, `CONTAINER_REMOVED`
 */
export async function addressOf(container: StartedContainer, port: number): Promise<Address> {
  const published = publishedPort(container, port);
  if (published !== undefined) return { host: container.testcontainer.getHost(), port: published };
  const ip = await reachableIp(container);
  if (ip !== undefined) return { host: ip, port };
  throw new ServiceError(
    'NOT_REACHABLE',
    `Port ${port} of ${nameOf(container)} can't be asked from here: it is not published, and the container ` +
      `has no address that this machine reaches. Publish it when the container starts: { ports: [${port}] }.`,
  );
}

function publishedPort(container: StartedContainer, port: number): number | undefined {
  try {
    return container.port(port);
  } catch (error) {
    if (codeOf(error) === 'NO_SUCH_PORT') return undefined;
    throw error;
  }
}

/** The container's address now, where its networks are this machine's: a rootless engine keeps them to itself. */
async function reachableIp(container: StartedContainer): Promise<string | undefined> {
  const { isLocal, securityOptions } = await info();
  if (!isLocal || securityOptions.some((option) => option.includes('rootless'))) return undefined;
  const { NetworkSettings, State } = await inContainer(container, () => container.docker.inspect());
  if (!State.Running)
    throw new ContainerError('CONTAINER_NOT_RUNNING', `It has ended: ${nameOf(container)}.`);
  return Object.values(NetworkSettings.Networks)
    .map(({ IPAddress }) => IPAddress)
    .find((ip) => ip !== '');
}
