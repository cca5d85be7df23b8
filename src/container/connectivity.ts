import type Docker from 'dockerode';
import { connectEngine } from '../engine/connect/connection';
import { ContainerError } from './errors';
import { shortId } from '../support/short-id';

/** What connects a container with its networks: it can be cut, and mended. */
export interface Connectivity {
  /** The container's address on its first network; an empty string where it has none. */
  readonly ip: string;
  /** The port on the engine's host of a published one, where a reconnection has made it another; else undefined. */
  newPort(containerPort: number): number | undefined;
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
}

/** A network that a container is on, and the names that lead to it there. */
interface Endpoint {
  networkId: string;
  aliases: readonly string[];
  ip: string;
}

/**
 * @param container what is connected
 * @param ip the address that it has now
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

/** Docker's default bridge knows no names, and refuses any. */
async function attach(container: Docker.Container, { networkId, aliases }: Endpoint): Promise<void> {
  const { docker } = await connectEngine();
  const names = aliases.length > 0 ? { EndpointConfig: { Aliases: [...aliases] } } : {};
  await docker.getNetwork(networkId).connect({ Container: container.id, ...names });
}

function noNetwork({ id }: Docker.Container, isCut: boolean): ContainerError {
  const why = isCut ? 'is cut off already: call reconnect() first' : 'is on no network';
  return new ContainerError('NO_NETWORK', `Container ${shortId(id)} can't be cut off: it ${why}.`);
}

function notDisconnected({ id }: Docker.Container): ContainerError {
  return new ContainerError(
    'NOT_DISCONNECTED',
    `Container ${shortId(id)} can't be reconnected: disconnect() has not cut it off.`,
  );
}
