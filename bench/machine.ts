import { cpus, loadavg, release, totalmem } from 'node:os';
import type Docker from 'dockerode';
import type { Image } from '../src/image/image';

/** The facts on which the numbers depend. */
export interface Machine {
  date: string;
  cores: string;
  memory: string;
  kernel: string;
  node: string;
  engine: string;
  image: string;
  /** One-minute load average before the run: above a few tenths, other programs were at work too. */
  loadBefore: string;
}

export async function describeMachine(docker: Docker, image: Image): Promise<Machine> {
  const { ServerVersion, Driver, CgroupVersion } = (await docker.info()) as Record<string, string>;
  const processors = cpus();
  const standIn = image.standsInFor === undefined ? '' : `, which stands in for ${image.standsInFor}`;
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    cores: `${processors.length} (${processors[0]?.model.trim() ?? 'unknown'})`,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    kernel: release(),
    node: process.version,
    engine: `${ServerVersion}, ${Driver}, cgroup v${CgroupVersion}`,
    image: `${image.reference}${standIn}`,
    loadBefore: (loadavg()[0] ?? 0).toFixed(2),
  };
}
