import type Docker from 'dockerode';
import { clientOptions, type EngineEndpoint } from '../connect/endpoint';
import { openDocker } from '../docker-client';
import { acceptGone, removeAll } from '../remove-all';
import { publishedAt } from './layout';

/**
 * Returns the endpoint of a private engine. It has `portsAt`, because testcontainers in a container (CI jobs are often
 * in one) would assume that the engine runs outside, and that published ports are at the address of the bridge.
 */
export function endpointOf(name: string, socket: string): EngineEndpoint {
  return { host: `unix://${socket}`, source: `belljar's private engine "${name}"`, portsAt: publishedAt };
}

/**
 * Returns whether an engine answers at a socket.
 *
 * @param timeout how long the answer may take, in milliseconds
 */
export async function answers(socket: string, timeout: number): Promise<boolean> {
  try {
    await clientFor(socket, timeout).ping();
    return true;
  } catch {
    return false;
  }
}

/** Removes all containers, networks and volumes of an engine, but not its images. */
export async function emptyEngine(socket: string): Promise<void> {
  const docker = clientFor(socket, 30_000);
  const containers = await docker.listContainers({ all: true });
  await removeAll(
    containers.map(
      ({ Id }) =>
        () =>
          docker.getContainer(Id).remove({ force: true, v: true }).catch(acceptGone),
    ),
  );
  const networks = await docker.listNetworks({ filters: { type: ['custom'] } });
  await removeAll(
    networks.map(
      ({ Id }) =>
        () =>
          docker.getNetwork(Id).remove().catch(acceptGone),
    ),
  );
  const volumes = await docker.listVolumes();
  await removeAll(
    volumes.Volumes.map(
      ({ Name }) =>
        () =>
          docker.getVolume(Name).remove({ force: true }).catch(acceptGone),
    ),
  );
}

function clientFor(socket: string, timeout: number): Docker {
  return openDocker({ ...clientOptions({ host: `unix://${socket}`, source: 'a private engine' }), timeout });
}
