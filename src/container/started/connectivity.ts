import type Docker from 'dockerode';
import { connectEngine } from '../../engine/connect/connection';
import { ContainerError } from '../errors';
import type { ContainerPort } from '../started-container';
import { shortId } from '../../support/short-id';

/** The connection of a container with its networks. */
export interface Connectivity {
  /** The container's address on its first network; an empty string if it has none. */
  readonly ip: string;
  /**
   * Returns the engine host's port of a published container port, if belljar has read the ports anew since the start;
   * otherwise undefined.
   */
  newPort(containerPort: ContainerPort): number | undefined;
  /** Reads the address and the ports anew, which a restart may have changed. */
  refresh(): Promise<void>;
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
  let ports: PublishedPorts = new Map();
  const refresh = async (): Promise<void> => {
    const inspected = await container.inspect();
    address = endpointsIn(inspected)[0]?.ip ?? '';
    ports = publishedPorts(inspected);
  };
  return {
    get ip() {
      return address;
    },
    newPort: (containerPort) => ports.get(nameOf(containerPort)),
    refresh,
    disconnect: async () => {
      const endpoints = endpointsIn(await container.inspect());
      if (endpoints.length === 0) throw noNetwork(container, cut.length > 0);
      await Promise.all(endpoints.map((endpoint) => detach(container, endpoint)));
      cut = endpoints;
      address = '';
    },
    reconnect: async () => {
      if (cut.length === 0) throw notDisconnected(container);
      await Promise.all(cut.map((endpoint) => attach(container, endpoint)));
      cut = [];
      await refresh();
    },
  };
}

/** Source: Docker Engine API, `GET /containers/{id}/json`: `NetworkSettings.Networks`. */
export function endpointsIn({ NetworkSettings }: Docker.ContainerInspectInfo): Endpoint[] {
  return Object.entries(NetworkSettings.Networks)
    .filter(([name]) => name !== 'none')
    .map(([, { NetworkID, Aliases, IPAddress }]) => ({
      networkId: NetworkID,
      aliases: (Aliases as string[] | null | undefined) ?? [],
      ip: IPAddress,
    }));
}

/** The ports on the engine's host by the container's: `80/tcp`. */
type PublishedPorts = ReadonlyMap<string, number>;

/** Source: as above, `NetworkSettings.Ports`: `{ '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }] }`. */
export function publishedPorts({ NetworkSettings }: Docker.ContainerInspectInfo): PublishedPorts {
  const published = NetworkSettings.Ports as Record<string, { HostPort: string }[] | null>;
  return new Map(
    Object.entries(published).flatMap(([name, bindings]): [string, number][] =>
      (bindings ?? []).slice(0, 1).map(({ HostPort }) => [name, Number(HostPort)]),
    ),
  );
}

/** Returns a container's port as the engine names it. */
export function nameOf(port: ContainerPort): string {
  return typeof port === 'number' ? `${port}/tcp` : port;
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
