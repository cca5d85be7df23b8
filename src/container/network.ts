import { randomBytes } from 'node:crypto';
import { connectEngine } from '../engine/connect/connection';
import { statusOf } from '../support/errors';
import { runLabel } from '../ownership/labels';
import { takeOwnership } from '../ownership/ownership';
import { ContainerError } from './errors';

/** A container's hold on a network that belljar made. The network exists as long as anything holds it. */
export interface NetworkHold {
  /** The engine's id of the network. */
  readonly id: string;
  /** Releases the network. The last release removes it. */
  release(): Promise<void>;
}

/** A private network: containers on it find each other by host name, and no other container is on it. */
export interface Network extends AsyncDisposable {
  /** The engine's id of the network. */
  readonly id: string;
  /** Its name, unique in this process. */
  readonly name: string;
  /**
   * Removes the network, at the latest with its last container. No more containers can be started on it. Safe to call
   * again.
   */
  remove(): Promise<void>;
}

interface SharedNetwork {
  created: Promise<string>;
  holders: number;
}

const shared = new Map<string, SharedNetwork>();

/**
 * Starts a private network, for `startContainer({ network, hostname: 'leader' })`. The caller removes it:
 * `await using network = await startNetwork()`, or `await network.remove()`.
 *
 * @throws EngineError if there is no engine; `RUN_OVER` if the process that owns the run has died
 */
export async function startNetwork(): Promise<Network> {
  const name = `network-${randomBytes(4).toString('hex')}`;
  const hold = await holdNetwork(name);
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => (removed ??= hold.release());
  return { id: hold.id, name, remove, [Symbol.asyncDispose]: remove };
}

/**
 * Holds a network that {@link startNetwork} made.
 *
 * @throws ContainerError `NETWORK_REMOVED`
 */
export async function holdStarted({ name }: Network): Promise<NetworkHold> {
  if (shared.has(name)) return holdNetwork(name);
  throw new ContainerError(
    'NETWORK_REMOVED',
    'The network was removed, so no container can be started on it: remove it after its last container.',
  );
}

/**
 * Holds the network that this process's containers share under a name. The first hold makes it.
 *
 * Each process has its own network, so that containers of two Jest workers with the same name never meet.
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
