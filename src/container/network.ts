import { randomBytes } from 'node:crypto';
import { connectEngine } from '../engine/connection';
import { statusOf } from '../support/errors';
import { runLabel } from '../engine/labels';
import { takeOwnership } from '../engine/ownership';

/** A container's hold on a network of this run's own: the network is there as long as anything holds it. */
export interface NetworkHold {
  /** The engine's id of the network. */
  readonly id: string;
  /** Lets go; the last to do so removes the network. */
  release(): Promise<void>;
}

interface SharedNetwork {
  created: Promise<string>;
  holders: number;
}

const shared = new Map<string, SharedNetwork>();

/**
 * The network that this process's containers share under a name, made for the first that asks.
 *
 * Each process has its own, so that two Jest workers whose specs use the same name never meet.
 *
 * @param name as in `ContainerOptions.network`
 */
export async function holdNetwork(name: string): Promise<NetworkHold> {
  const network = shared.get(name) ?? { created: createNetwork(name), holders: 0 };
  shared.set(name, network);
  network.holders += 1;
  const release = async (): Promise<void> => {
    network.holders -= 1;
    if (network.holders > 0) return;
    shared.delete(name);
    await removeNetwork(await network.created);
  };
  try {
    return { id: await network.created, release };
  } catch (error) {
    shared.delete(name);
    throw error;
  }
}

async function createNetwork(name: string): Promise<string> {
  const { docker } = await connectEngine();
  const labels = await takeOwnership();
  const network = await docker.createNetwork({
    Name: `belljar-${labels[runLabel] ?? ''}-${randomBytes(4).toString('hex')}-${name}`,
    Labels: { ...labels, 'belljar.network': name },
  });
  return network.id;
}

async function removeNetwork(id: string): Promise<void> {
  const { docker } = await connectEngine();
  try {
    await docker.getNetwork(id).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
