import { notedIfAny, type Evidence } from '../evidence';
import type { InspectResult } from '../subject';

/** The checks of what the engine was told to expose of a container. */
export type ExposureCheck = 'published ports' | 'networks' | 'host entries' | 'kernel settings';

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
      how: 'the engine: NetworkSettings.Ports',
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
      how: 'the engine: HostConfig.ExtraHosts',
      ...notedIfAny(HostConfig.ExtraHosts ?? []),
    },
    {
      check: 'kernel settings',
      expected: "only those of the container's own namespaces",
      how: 'the engine: HostConfig.Sysctls',
      ...notedIfAny(Object.entries(HostConfig.Sysctls ?? {}).map(([name, value]) => `${name}=${value}`)),
    },
  ];
}

type Ports = Record<string, { HostIp: string; HostPort: string }[] | null>;

function formatPorts(ports: Ports): string[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => `${port} at ${HostIp}:${HostPort}${isEverywhere(HostIp)}`),
  );
}

function isEverywhere(address: string): string {
  return ['', '0.0.0.0', '::'].includes(address) ? ', open to every machine that reaches the host' : '';
}
