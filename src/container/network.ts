import { randomBytes } from 'node:crypto';
import { connectEngine } from '../engine/connect/connection';
import { statusOf } from '../support/errors';
import { runLabel } from '../ownership/labels';
import { takeOwnership } from '../ownership/ownership';
import { ContainerError } from './errors';

/** A container's hold on a network of this run's own: the network is there as long as anything holds it. */
export interface NetworkHold {
  /** The engine's id of the network. */
  readonly id: string;
  /** Lets go; the last to do so removes the network. */
  release(): Promise<void>;
}

/** A private network: containers on it find each other by host name, and nobody else is on it. */
export interface Network extends AsyncDisposable {
  /** The engine's id of it. */
  readonly id: string;
  /** What tells it from others in this process. */
  readonly name: string;
  /** No more containers can be started on it; it goes with the last that is. Safe to call again. */
  remove(): Promise<void>;
}

interface SharedNetwork {
  created: Promise<string>;
  holders: number;
}

const shared = new Map<string, SharedNetwork>();

/**
 * Makes a private network, for `startContainer({ network, hostname: 'leader' })`. Whoever starts it removes it:
 * `await using network = await startNetwork()`, or `await network.remove()`.
 *
 * @throws EngineError where there is no engine; `RUN_OVER` where the process that owns the run has died
 */
export async function startNetwork(): Promise<Network> {
  const name = `network-${randomBytes(4).toString('hex')}`;
  const hold = await holdNetwork(name);
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => (removed ??= hold.release());
  return { id: hold.id, name, remove, [Symbol.asyncDispose]: remove };
}

/**
 * A container's hold on a network that {@link startNetwork} made.
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
