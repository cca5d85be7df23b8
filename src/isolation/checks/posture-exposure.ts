import { notedIfAny, type Evidence } from '../evidence';
import type { InspectResult } from '../subject';

export type ExposureCheck = 'published ports' | 'networks' | 'host entries' | 'kernel settings';

/**
 * What is worth knowing and is no breach.
 *
 * A published port is a door into the container, opened by a spec that asked for it; nothing gets out by it that was
 * not asked for from outside. It says who can knock: every machine that reaches the host, for `0.0.0.0` and `::`.
 * Kernel settings that the engine accepts (`net.*`, some of `kernel.*`) hold in the container's own namespaces only.
 */
export function checkExposure({ HostConfig, NetworkSettings }: InspectResult): Evidence<ExposureCheck>[] {
  return [
    {
      check: 'published ports',
      expected: 'only what the spec asked for',
      how: 'the engine: NetworkSettings.Ports',
      ...notedIfAny(describePorts(NetworkSettings.Ports)),
    },
    {
      check: 'networks',
      expected: 'only what the spec asked for',
      how: 'the engine: NetworkSettings.Networks',
      ...notedIfAny(Object.keys(NetworkSettings.Networks)),
    },
    {
      check: 'host entries',
      expected: 'only what the spec asked for',
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

function describePorts(ports: Ports): string[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => `${port} at ${HostIp}:${HostPort}${isEverywhere(HostIp)}`),
  );
}

function isEverywhere(address: string): string {
  return ['', '0.0.0.0', '::'].includes(address) ? ', for whoever reaches the host' : '';
}
