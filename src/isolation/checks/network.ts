import type Docker from 'dockerode';
import type { ContainerProbe } from '../probe/container-probe';
import { tryConnections } from '../probe/connections';
import { openIfAny, type Evidence, type EvidenceStatus } from '../evidence';
import { containerOf } from './posture-namespaces';
import { inspectOther, engineOf, type InspectResult, type Subject } from '../subject';

/** The checks of the connection between two containers. */
export type NetworkCheck = 'networks in common' | 'connections';

/** The connection that is allowed between two containers. */
export type NetworkExpectation = 'apart' | 'shared' | 'sealed';

type Pair<Value> = readonly [Value, Value];

/** A route of packets from one container to the other, by the engine's configuration. */
interface Route {
  text: string;
  /** Whether the route was made for this purpose: a network that both containers were put in. */
  isOnPurpose: boolean;
}

/**
 * Checks if two containers reach each other over a network: by the engine's configuration, and by trying to connect.
 *
 * On Docker's default bridge, all containers reach each other. That is Docker's default, not the purpose of a test, so
 * it counts as open unless the test says `network: 'shared'`. On a network with `enable_icc=false`, no container
 * reaches another ("com.docker.network.bridge.enable_icc" in Docker's documentation of the bridge driver).
 */
export async function checkNetworkBetween(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
  expectation: NetworkExpectation,
): Promise<Evidence<NetworkCheck>[]> {
  const owners = await Promise.all([ownerOf(subjects[0], pair[0]), ownerOf(subjects[1], pair[1])]);
  const routes = await findRoutes(subjects[0], owners);
  const isAllowed =
    expectation === 'shared' ||
    (expectation === 'apart' && routes.length > 0 && routes.every(({ isOnPurpose }) => isOnPurpose));
  const status: EvidenceStatus = isAllowed ? 'noted' : 'open';
  const judge = (found: string[]) => (found.length > 0 ? { ...openIfAny(found), status } : openIfAny(found));
  return [
    {
      check: 'networks in common',
      expected: expectations[expectation],
      how: 'the engine: NetworkSettings.Networks of both, and the networks',
      ...judge(routes.map(({ text }) => text)),
    },
    await checkConnections(subjects, pair, owners, expectations[expectation], judge),
  ];
}

const expectations = {
  apart: 'no connection except through a network that both were put in',
  shared: 'a connection is allowed',
  sealed: 'no connection at all',
} satisfies Record<NetworkExpectation, string>;

/** Finds the container whose network a container has: itself, or the end of the chain of `container:<id>`. */
async function ownerOf(subject: Subject, inspected: InspectResult): Promise<InspectResult> {
  const target = containerOf(inspected.HostConfig.NetworkMode);
  if (target === undefined) return inspected;
  const next = await inspectOther(subject, target);
  return next === undefined ? inspected : ownerOf(subject, next);
}

async function findRoutes(subject: Subject, [one, other]: Pair<InspectResult>): Promise<Route[]> {
  if (one.Id === other.Id)
    return [{ text: `both have the network of ${one.Name.slice(1)} itself`, isOnPurpose: false }];
  const hosts = [one, other].filter(({ HostConfig }) => HostConfig.NetworkMode === 'host');
  const isCutOff = [one, other].some(({ HostConfig }) => HostConfig.NetworkMode === 'none');
  if (isCutOff) return [];
  if (hosts.length > 0) {
    const names = hosts.map(({ Name }) => Name.slice(1)).join(' and ');
    return [{ text: `the host's network, in ${names}, reaches every container's`, isOnPurpose: false }];
  }
  const common = networkIdsOf(one).filter((id) => networkIdsOf(other).includes(id));
  const networks = await Promise.all(common.map((id) => engineOf(subject).getNetwork(id).inspect()));
  return networks.filter((network) => !isolatesContainers(network)).map(formatRoute);
}

function networkIdsOf({ NetworkSettings: { Networks } }: InspectResult): string[] {
  return Object.values(Networks).map(({ NetworkID }) => NetworkID);
}

function isolatesContainers({ Driver, Options }: Docker.NetworkInspectInfo): boolean {
  return Driver === 'bridge' && Options?.['com.docker.network.bridge.enable_icc'] === 'false';
}

function formatRoute({ Name }: Docker.NetworkInspectInfo): Route {
  // Podman's default network has its own name.
  return Name === 'bridge' || Name === 'podman'
    ? {
        text: [
          `${Name === 'bridge' ? "Docker's default bridge" : "Podman's default network"}, on which all containers reach each other. Start one of the two`,
          "with { network: 'none' } or in a network of its own, or allow the connection:",
          "toBeIsolatedFrom(other, { network: 'shared' })",
        ].join('\n'),
        isOnPurpose: false,
      }
    : { text: `network ${Name}`, isOnPurpose: true };
}

async function checkConnections(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
  owners: Pair<InspectResult>,
  expected: string,
  judge: (found: string[]) => Pick<Evidence, 'status' | 'found'>,
): Promise<Evidence<NetworkCheck>> {
  const evidence = {
    check: 'connections' as const,
    expected,
    how: 'a TCP connection from the network of each container to each address of the other',
  };
  const tried = owners[0].Id === owners[1].Id ? [] : await tryConnections(subjects, pair, owners);
  return typeof tried === 'string'
    ? {
        ...evidence,
        status: 'noted',
        found: `not tried: ${tried}; only the engine's configuration was checked`,
      }
    : { ...evidence, ...judge(tried) };
}
