import type Docker from 'dockerode';
import { connectEngine } from '../engine/connect/connection';
import { ContainerError } from './errors';
import { shortId } from '../support/short-id';

/** The connection of a container with its networks. */
export interface Connectivity {
  /** The container's address on its first network; an empty string if it has none. */
  readonly ip: string;
  /**
   * Returns the engine host's port of a published container port if a reconnection has changed it; otherwise undefined.
   */
  newPort(containerPort: number): number | undefined;
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
}

/** A network that a container is on, and the container's names there. */
interface Endpoint {
  networkId: string;
  aliases: readonly string[];
  ip: string;
}

/**
 * Creates the connectivity of a container.
 *
 * @param ip the container's current address
 */
export function createConnectivity(container: Docker.Container, ip: string): Connectivity {
  let address = ip;
  let cut: readonly Endpoint[] = [];
  let ports: ReadonlyMap<number, number> = new Map();
  return {
    get ip() {
      return address;
    },
    newPort: (containerPort) => ports.get(containerPort),
    disconnect: async () => {
      const endpoints = await endpointsOf(container);
      if (endpoints.length === 0) throw noNetwork(container, cut.length > 0);
      await Promise.all(endpoints.map((endpoint) => detach(container, endpoint)));
      cut = endpoints;
      address = '';
    },
    reconnect: async () => {
      if (cut.length === 0) throw notDisconnected(container);
      await Promise.all(cut.map((endpoint) => attach(container, endpoint)));
      cut = [];
      address = (await endpointsOf(container))[0]?.ip ?? '';
      ports = await publishedPorts(container);
    },
  };
}

/** Source: Docker Engine API, `GET /containers/{id}/json`: `NetworkSettings.Networks`. */
async function endpointsOf(container: Docker.Container): Promise<Endpoint[]> {
  const { NetworkSettings } = await container.inspect();
  return Object.entries(NetworkSettings.Networks)
    .filter(([name]) => name !== 'none')
    .map(([, { NetworkID, Aliases, IPAddress }]) => ({
      networkId: NetworkID,
      aliases: (Aliases as string[] | null | undefined) ?? [],
      ip: IPAddress,
    }));
}

/** Source: as above, `NetworkSettings.Ports`: `{ '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }] }`. */
async function publishedPorts(container: Docker.Container): Promise<ReadonlyMap<number, number>> {
  const { NetworkSettings } = await container.inspect();
  const published = NetworkSettings.Ports as Record<string, { HostPort: string }[] | null>;
  return new Map(
    Object.entries(published).flatMap(([name, bindings]): [number, number][] =>
      (bindings ?? []).slice(0, 1).map(({ HostPort }) => [parseInt(name, 10), Number(HostPort)]),
    ),
  );
}

async function detach(container: Docker.Container, { networkId }: Endpoint): Promise<void> {
  const { docker } = await connectEngine();
  await docker.getNetwork(networkId).disconnect({ Container: container.id });
}

/** Docker's default bridge has no host names, and refuses a request with one. */
async function attach(container: Docker.Container, { networkId, aliases }: Endpoint): Promise<void> {
  const { docker } = await connectEngine();
  const names = aliases.length > 0 ? { EndpointConfig: { Aliases: [...aliases] } } : {};
  await docker.getNetwork(networkId).connect({ Container: container.id, ...names });
}

function noNetwork({ id }: Docker.Container, isCut: boolean): ContainerError {
  const why = isCut ? 'is disconnected already: call reconnect() first' : 'is not on any network';
  return new ContainerError('NO_NETWORK', `Container ${shortId(id)} can't be disconnected: it ${why}.`);
}

function notDisconnected({ id }: Docker.Container): ContainerError {
  return new ContainerError(
    'NOT_DISCONNECTED',
    `Container ${shortId(id)} can't be reconnected: it is not disconnected. Call disconnect() first.`,
  );
}
