import { notedIfAny, type Evidence, type Finding } from '../evidence';
import type { InspectResult } from '../subject';

/** The checks of what the engine was told to expose of a container. */
export type ExposureCheck =
  'published ports' | 'networks' | 'host entries' | 'name servers' | 'kernel settings';

/**
 * Lists what is exposed, which is noted and not a breach.
 *
 * A test asks for a published port, and only connections from outside go through the port. The evidence says who can
 * connect: with `0.0.0.0` and `::`, every machine that reaches the host. Kernel settings that the engine accepts
 * (`net.*`, some of `kernel.*`) apply to the container's own namespaces only.
 */
export function checkExposure({ HostConfig, NetworkSettings }: InspectResult): Evidence<ExposureCheck>[] {
  return [
    {
      check: 'published ports',
      expected: 'only what the test asked for',
      how: 'the engine: NetworkSettings.Ports, which the option ports sets',
      ...notedIfAny(formatPorts(NetworkSettings.Ports)),
    },
    {
      check: 'networks',
      expected: 'only what the test asked for',
      how: 'the engine: NetworkSettings.Networks',
      ...notedIfAny(Object.keys(NetworkSettings.Networks)),
    },
    {
      check: 'host entries',
      expected: 'only what the test asked for',
      how: 'the engine: HostConfig.ExtraHosts, which the option extraHosts sets',
      ...notedIfAny((HostConfig.ExtraHosts ?? []).map(formatHostEntry)),
    },
    {
      check: 'name servers',
      expected: 'only what the test asked for',
      how: 'the engine: HostConfig.Dns, which the option dns sets',
      ...notedIfAny(HostConfig.Dns ?? [], "the engine's own setting"),
    },
    {
      check: 'kernel settings',
      expected: "only those of the container's own namespaces",
      how: 'the engine: HostConfig.Sysctls, which the option sysctls sets',
      ...judgeSettings(HostConfig),
    },
  ];
}

/** Programs of the host that listen on all addresses can be reached from every container with a network. */
function formatHostEntry(entry: string): string {
  return entry.endsWith(':host-gateway')
    ? `${entry}, the host itself: its programs that listen on all addresses can be reached`
    : entry;
}

/** Docker leaves the field out if there are no settings. Podman never has it, nor the list of hidden paths. */
function judgeSettings({ Sysctls, MaskedPaths, Privileged }: InspectResult['HostConfig']): Finding {
  if (!Sysctls && !MaskedPaths && Privileged !== true)
    return { status: 'noted', found: "the engine doesn't tell which settings the option sysctls has set" };
  return notedIfAny(Object.entries(Sysctls ?? {}).map(([name, value]) => `${name}=${value}`));
}

type Ports = Record<string, { HostIp: string; HostPort: string }[] | null>;

function formatPorts(ports: Ports): string[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(
      ({ HostIp, HostPort }) => `${port} at ${HostIp || '0.0.0.0'}:${HostPort}${isEverywhere(HostIp)}`,
    ),
  );
}

function isEverywhere(address: string): string {
  return ['', '0.0.0.0', '::'].includes(address) ? ', open to every machine that reaches the host' : '';
}
