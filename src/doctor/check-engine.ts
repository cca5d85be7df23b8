import { engineVersion } from '../engine/engine-version';
import { formatProduct, info } from '../engine/info';
import { minimumApiVersion } from '../engine/connect/probe';
import { formatBytes } from '../support/size';
import { fine, warning, type DoctorLine } from './report';

export async function checkEngineVersion(): Promise<DoctorLine> {
  const facts = await info();
  const machine = `${facts.operatingSystem}, ${facts.cpus} CPUs, ${formatBytes(facts.memoryBytes)} memory`;
  const place = facts.isLocal ? 'on this machine' : `on ${facts.name}; its process can't be seen from here`;
  return fine('engine version', `${formatProduct(facts)} ${place} (${machine})`);
}

/** Reports the API version. belljar does not connect to an engine whose API is too old. */
export async function checkApiVersion(): Promise<DoctorLine> {
  const { apiVersion, minimumApiVersion: oldest } = await engineVersion();
  return fine(
    'engine API',
    `${apiVersion} (${oldest} is the oldest it speaks; belljar needs ${minimumApiVersion})`,
  );
}

/** The storage drivers that are known to be slow, with advice. */
const oddDrivers: Record<string, string> = {
  vfs:
    'It copies the whole image for every container, which is slow and takes space. Use overlay2 ' +
    '(/etc/docker/daemon.json, "storage-driver"), which needs the data root on ext4 or xfs.',
  btrfs:
    'Each layer is a subvolume of its own: containers start more slowly than on overlay2, and free space is hard to tell.',
  zfs: 'Each layer is a dataset of its own: containers start more slowly than on overlay2.',
  devicemapper: 'It is deprecated and slow: use overlay2.',
  aufs: 'It is deprecated: use overlay2.',
};

export async function checkStorageDriver(): Promise<DoctorLine> {
  const { storageDriver } = await info();
  const advice = oddDrivers[storageDriver];
  return advice === undefined
    ? fine('storage driver', storageDriver)
    : warning('storage driver', storageDriver, advice);
}

export async function checkCgroups(): Promise<DoctorLine> {
  const { cgroupVersion, cgroupDriver } = await info();
  if (cgroupDriver === 'none') {
    const advice =
      'Limits of memory, CPU and processes have no effect. A rootless engine needs cgroup v2 and systemd for them.';
    return warning('cgroups', 'none', advice);
  }
  return fine('cgroups', `version ${cgroupVersion ?? 'unknown'}, by ${cgroupDriver}`);
}

/** Reports the engine's own warnings, such as a kernel without swap limits, or an API that anyone can reach. */
export async function checkWarnings(): Promise<DoctorLine[]> {
  const { warnings } = await info();
  return warnings.map((text) =>
    warning('engine warning', text.replace(/^WARNING: /, ''), 'The engine works, except for this.'),
  );
}
