import { getContainerRuntimeClient } from 'testcontainers';
import { inContainer } from '../container/container-state';
import { ContainerError } from '../container/errors';
import type { StartedContainer } from '../container/started-container';
import { info } from '../engine/info';
import { codeOf } from '../support/errors';
import { ServiceError } from './errors';
import { nameOf } from './service-container';

/** The address of a container's port, as this machine reaches it. */
export interface Address {
  host: string;
  port: number;
}

/**
 * Returns the address at which this machine reaches a port of a container: the published port, or else the container's
 * own address if this machine can reach it.
 *
 * @throws ServiceError `NOT_REACHABLE`
 * @throws ContainerError `CONTAINER_NOT_RUNNING`, `CONTAINER_REMOVED`
 */
export async function addressOf(container: StartedContainer, port: number): Promise<Address> {
  const published = publishedPort(container, port);
  if (published !== undefined) return { host: await publishingHost(), port: published };
  const ip = await reachableIp(container);
  if (ip !== undefined) return { host: ip, port };
  throw new ServiceError(
    'NOT_REACHABLE',
    `Port ${port} of ${nameOf(container)} can't be reached from this machine: it is not published, and the container ` +
      `has no address that this machine can reach. Publish the port when the container starts: { ports: [${port}] }.`,
  );
}

/** Returns the host at which published ports are reached, as testcontainers finds it. */
async function publishingHost(): Promise<string> {
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
}

function publishedPort(container: StartedContainer, port: number): number | undefined {
  try {
    return container.port(port);
  } catch (error) {
    if (codeOf(error) === 'NO_SUCH_PORT') return undefined;
    throw error;
  }
}

/**
 * Returns the container's address if its networks are on this machine. A rootless engine's networks can't be reached.
 */
async function reachableIp(container: StartedContainer): Promise<string | undefined> {
  const { isLocal, securityOptions } = await info();
  if (!isLocal || securityOptions.some((option) => option.includes('rootless'))) return undefined;
  const { NetworkSettings, State } = await inContainer(container, () => container.docker.inspect());
  if (!State.Running)
    throw new ContainerError('CONTAINER_NOT_RUNNING', `Not running any more: ${nameOf(container)}.`);
  return Object.values(NetworkSettings.Networks)
    .map(({ IPAddress }) => IPAddress)
    .find((ip) => ip !== '');
}
