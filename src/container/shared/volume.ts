import { randomBytes } from 'node:crypto';
import { connectEngine } from '../../engine/connect/connection';
import { runLabel } from '../../ownership/labels';
import { takeOwnership } from '../../ownership/ownership';
import { messageOf, statusOf } from '../../support/errors';
import { ContainerError } from '../errors';
import type { MountOptions } from '../options/mounts';
import { createSharedResources, type Hold } from './shared-resource';

/** A container's hold on its volumes with names. */
export interface VolumeHold {
  /** The engine's names of belljar's volumes, by the names in the options. */
  readonly names: ReadonlyMap<string, string>;
  /** Releases the volumes. The last release of each removes it. */
  release(): Promise<void>;
}

const volumes = createSharedResources(createVolume, removeVolume);

/**
 * Holds the volumes with names that a container's options ask for.
 *
 * @throws ContainerError `VOLUME_NOT_FOUND` for an external volume that the engine does not have
 */
export async function holdVolumes({ volumes: wanted = [] }: MountOptions): Promise<VolumeHold> {
  const named = wanted.filter((volume) => typeof volume === 'object');
  await Promise.all(named.filter(({ external }) => external === true).map(({ name }) => requireVolume(name)));
  const own = [...new Set(named.filter(({ external }) => external !== true).map(({ name }) => name))];
  const holds: Hold[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(holds.splice(0).map((hold) => hold.release()));
  };
  const names = new Map<string, string>();
  try {
    for (const name of own) {
      const hold = await volumes.hold(name);
      holds.push(hold);
      names.set(name, hold.id);
    }
    return { names, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The engine makes a volume that is missing, silently. */
async function requireVolume(name: string): Promise<void> {
  const { docker } = await connectEngine();
  try {
    await docker.getVolume(name).inspect();
  } catch (cause) {
    if (statusOf(cause) !== 404) throw cause;
    throw new ContainerError(
      'VOLUME_NOT_FOUND',
      `The engine has no volume ${name}, which volumes: { external: true } asks for. Make it by ` +
        `\`docker volume create ${name}\`, or leave external out for a volume of belljar's own.`,
      { cause },
    );
  }
}

async function createVolume(name: string): Promise<string> {
  const { docker } = await connectEngine();
  const labels = await takeOwnership();
  const id = `belljar-${labels[runLabel] ?? ''}-${randomBytes(4).toString('hex')}-${name}`;
  try {
    await docker.createVolume({ Name: id, Labels: { ...labels, 'belljar.volume': name } });
    return id;
  } catch (cause) {
    throw new ContainerError(
      'NOT_CREATED',
      `The engine did not make the volume ${name}: ${messageOf(cause).trim()}`,
      { cause },
    );
  }
}

async function removeVolume(id: string): Promise<void> {
  const { docker } = await connectEngine();
  try {
    await docker.getVolume(id).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
