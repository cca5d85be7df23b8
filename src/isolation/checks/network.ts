import type Docker from 'dockerode';
import { tryConnections } from '../probe/connections';
import { openIfAny, type Evidence, type EvidenceStatus } from '../evidence';
import { inspectOther } from '../other';
import { containerOf } from './posture-namespaces';
import { engineOf, type InspectResult, type Subject } from '../subject';

export type NetworkCheck = 'networks in common' | 'connections';

/** What is expected of the network between two containers. */
export type NetworkExpectation = 'apart' | 'shared' | 'sealed';

type Pair = readonly [InspectResult, InspectResult];

/** A way by which packets of one container get to the other, as the engine is configured. */
interface Route {
  text: string;
  /** Whether somebody made it for this: a network that both were put in. */
  isOnPurpose: boolean;
}

/**
 * Whether two containers reach each other over a network: by the networks that the engine put both in, and by trying.
 *
 * Docker's default bridge lets all its containers talk to each other. That is Docker's default, not a spec's purpose,
 * so it is an open door unless the spec says `network: 'shared'`. A network with `enable_icc=false` lets none of its
 * containers talk to another ("com.docker.network.bridge.enable_icc" in Docker's documentation of the bridge driver).
 */
export async function checkNetworkBetween(
  subject: Subject,
  pair: Pair,
  expectation: NetworkExpectation,
): Promise<Evidence<NetworkCheck>[]> {
  const owners = await Promise.all([ownerOf(subject, pair[0]), ownerOf(subject, pair[1])]);
  const ways = await findRoutes(subject, owners);
  const isAllowed =
    expectation === 'shared' ||
    (expectation === 'apart' && ways.length > 0 && ways.every(({ isOnPurpose }) => isOnPurpose));
  const status: EvidenceStatus = isAllowed ? 'noted' : 'open';
  const judge = (found: string[]) => (found.length > 0 ? { ...openIfAny(found), status } : openIfAny(found));
  return [
    {
      check: 'networks in common',
      expected: expectations[expectation],
      how: 'the engine: NetworkSettings.Networks of both, and the networks',
      ...judge(ways.map(({ text }) => text)),
    },
    await checkConnections(pair, owners, expectations[expectation], judge),
  ];
}

const expectations = {
  apart: 'no way between them but a network made for it',
  shared: 'that they may reach each other',
  sealed: 'no way between them at all',
} satisfies Record<NetworkExpectation, string>;

/** The container whose network a container has: itself, or the end of the chain of `container:<id>`. */
async function ownerOf(subject: Subject, inspected: InspectResult): Promise<InspectResult> {
  const target = containerOf(inspected.HostConfig.NetworkMode);
  if (target === undefined) return inspected;
  const next = await inspectOther(subject, target);
  return next === undefined ? inspected : ownerOf(subject, next);
}

async function findRoutes(subject: Subject, [one, other]: readonly InspectResult[]): Promise<Route[]> {
  if (one === undefined || other === undefined) return [];
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
  return networks.filter((network) => !keepsApart(network)).map(formatRoute);
}

function networkIdsOf({ NetworkSettings: { Networks } }: InspectResult): string[] {
  return Object.values(Networks).map(({ NetworkID }) => NetworkID);
}

function keepsApart({ Driver, Options }: Docker.NetworkInspectInfo): boolean {
  return Driver === 'bridge' && Options?.['com.docker.network.bridge.enable_icc'] === 'false';
}

function formatRoute({ Name }: Docker.NetworkInspectInfo): Route {
  return Name === 'bridge'
    ? {
        text: [
          "Docker's default bridge, which lets all its containers talk to each other. Start one of them",
          "with { network: 'none' } or in a network of its own, or say that it is meant:",
          "toBeIsolatedFrom(other, { network: 'shared' })",
        ].join('\n'),
        isOnPurpose: false,
      }
    : { text: `network ${Name}`, isOnPurpose: true };
}

async function checkConnections(
  pair: Pair,
  owners: readonly InspectResult[],
  expected: string,
  judge: (found: string[]) => Pick<Evidence, 'status' | 'found'>,
): Promise<Evidence<NetworkCheck>> {
  const evidence = {
    check: 'connections' as const,
    expected,
    how: 'a TCP connection tried from the network of each to each address of the other',
  };
  const tried = owners[0]?.Id === owners[1]?.Id ? [] : await tryConnections(pair, owners);
  return typeof tried === 'string'
    ? {
        ...evidence,
        status: 'noted',
        found: `not tried: ${tried}; the engine's account of its networks stands alone`,
      }
    : { ...evidence, ...judge(tried) };
}
