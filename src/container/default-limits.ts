import type Docker from 'dockerode';
import type { ContainerOptions } from './options';

type Limits = Pick<ContainerOptions, 'memory' | 'pids'>;

/**
 * More than builds and servers start. A fork bomb ends there, and the machine has process ids left (pid_max is 32,768).
 */
const maxProcesses = 4096;

const known = new WeakMap<Docker, Promise<Limits>>();

/**
 * Adds default limits to a container's options, so high that only a runaway program reaches them. An engine that can't
 * limit (rootless on an old kernel) gets no limits: it would refuse the container.
 *
 * Source: Docker Engine API, `GET /info`: `MemTotal`, `MemoryLimit`, `PidsLimit`.
 */
export async function withDefaultLimits(
  docker: Docker,
  options: ContainerOptions,
): Promise<ContainerOptions> {
  const reading = known.get(docker) ?? readLimits(docker);
  known.set(docker, reading);
  // A failure is not cached: the engine may have been starting.
  reading.catch(() => known.delete(docker));
  const { memory, pids } = await reading;
  return { ...options, memory: options.memory ?? memory, pids: options.pids ?? pids };
}

async function readLimits(docker: Docker): Promise<Limits> {
  const facts = (await docker.info()) as { MemTotal: number; MemoryLimit?: boolean; PidsLimit?: boolean };
  return {
    memory: facts.MemoryLimit === true ? Math.floor(facts.MemTotal * 0.75) : undefined,
    pids: facts.PidsLimit === true ? maxProcesses : undefined,
  };
}
