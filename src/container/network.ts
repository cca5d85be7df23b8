import { randomBytes } from 'node:crypto';
import { connectEngine } from '../engine/connect/connection';
import { messageOf, statusOf } from '../support/errors';
import { runLabel } from '../ownership/labels';
import { takeOwnership } from '../ownership/ownership';
import { ContainerError } from './errors';
import { createSharedResources, type Hold } from './shared/shared-resource';

/** A container's hold on a network that belljar made. The network exists as long as anything holds it. */
export type NetworkHold = Hold;

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

const networks = createSharedResources(createNetwork, removeNetwork);

/**
 * Starts a private network, for `startContainer({ network, hostname: 'leader' })`. The caller removes it:
 * `await using network = await startNetwork()`, or `await network.remove()`.
 *
 * @throws EngineError if there is no engine; `RUN_OVER` if the process that owns the run has died
 * @throws ContainerError `NO_ADDRESSES` if the engine has no addresses left for a network; `NOT_CREATED`
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
  if (networks.has(name)) return holdNetwork(name);
  throw new ContainerError(
    'NETWORK_REMOVED',
    'The network was removed, so no container can be started on it: remove it after its last container.',
  );
}

/**
 * Holds the network that this process's containers share under a name. The first hold makes it.
 *
 * @param name as in `ContainerOptions.network`
 */
export function holdNetwork(name: string): Promise<NetworkHold> {
  return networks.hold(name);
}

async function createNetwork(name: string): Promise<string> {
  const { docker } = await connectEngine();
  const labels = await takeOwnership();
  try {
    const network = await docker.createNetwork({
      Name: `belljar-${labels[runLabel] ?? ''}-${randomBytes(4).toString('hex')}-${name}`,
      Labels: { ...labels, 'belljar.network': name },
    });
    return network.id;
  } catch (cause) {
    throw notCreated(name, cause);
  }
}

/** The wordings are of Docker 20.10, Docker 26 and Podman, in that order. */
const noAddresses =
  /non-overlapping IPv4 address pool|address pools have been fully subnetted|find free subnet/;

function notCreated(name: string, cause: unknown): ContainerError {
  const message = messageOf(cause).trim();
  if (!noAddresses.test(message))
    return new ContainerError('NOT_CREATED', `The engine did not make the network ${name}: ${message}`, {
      cause,
    });
  return new ContainerError(
    'NO_ADDRESSES',
    `The engine has no addresses left for the network ${name}: its networks use up all of its address pools. ` +
      "Let tests share a network, such as by useNetwork({ scope: 'file' }), or run fewer workers. " +
      '`docker network prune` removes unused networks. "default-address-pools" in the engine\'s daemon.json makes ' +
      `room for more.\nThe engine: ${message}`,
    { cause },
  );
}

async function removeNetwork(id: string): Promise<void> {
  const { docker } = await connectEngine();
  try {
    await docker.getNetwork(id).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
