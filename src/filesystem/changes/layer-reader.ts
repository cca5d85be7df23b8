import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { idleCommand } from '../../container/container-builder';
import { connectEngine } from '../../engine/connect/connection';
import { planImage } from '../../image/sources/resolve';
import { purposeLabels } from '../../ownership/labels';
import { takeOwnership } from '../../ownership/ownership';
import { currentRun } from '../../ownership/run';
import { statusOf } from '../../support/errors';
import { poll } from '../../support/poll';

/** Where the layers are in a layer reader. */
export const layersInReader = '/layers';

/** The layer readers of this process, by engine and directory of layers. Undefined: the engine allows none. */
const readers = new Map<string, Promise<Docker.Container | undefined>>();

/**
 * Returns a container of belljar's own that sees the engine's layers, read-only: it shows the writable layers of all
 * containers to a run that can't open the engine's files, because it is not root or the engine is elsewhere. Nothing
 * but belljar's tar runs in it, and no test can reach it. A run has one for all its processes. It is removed with the
 * run.
 *
 * @param layers the engine's directory of layers
 * @param imageId the image to use if the engine does not have the default image
 */
export async function layerReader(layers: string, imageId: string): Promise<Docker.Container | undefined> {
  const key = await keyOf(layers);
  const known = readers.get(key);
  if (known !== undefined) return known;
  const started = startOwned(layers, imageId);
  readers.set(key, started);
  try {
    return await started;
  } catch (error) {
    readers.delete(key);
    throw error;
  }
}

async function startOwned(layers: string, imageId: string): Promise<Docker.Container | undefined> {
  const labels = { ...(await takeOwnership()), ...purposeLabels('layers') };
  // An engine may refuse it for many reasons. Then the changes come by the way that costs more.
  return start(layers, imageId, labels).catch(() => undefined);
}

/** Forgets the reader: the next call starts another. */
export async function forgetReader(layers: string): Promise<void> {
  readers.delete(await keyOf(layers));
}

/** Notes that a reader can't read these layers, so that no later call tries it. */
export async function giveUpReader(layers: string): Promise<void> {
  readers.set(await keyOf(layers), Promise.resolve(undefined));
}

async function keyOf(layers: string): Promise<string> {
  const { endpoint } = await connectEngine();
  return `${endpoint.host} ${layers}`;
}

async function start(
  layers: string,
  imageId: string,
  labels: Record<string, string>,
): Promise<Docker.Container> {
  const { docker } = await connectEngine();
  const name = `belljar-layers-${currentRun().id}-${createHash('sha256').update(layers).digest('hex').slice(0, 8)}`;
  const container = await createOrFind(docker, name, {
    Image: await imageOf(imageId),
    Entrypoint: idleCommand,
    Cmd: [],
    User: '0',
    Labels: labels,
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      // To read every file, and to see the overlay's own attributes (xattr(7), "Trusted extended attributes").
      CapDrop: ['ALL'],
      CapAdd: ['DAC_READ_SEARCH', 'SYS_ADMIN'],
      SecurityOpt: ['no-new-privileges'],
      Mounts: [
        {
          Type: 'bind',
          Source: layers,
          Target: layersInReader,
          ReadOnly: true,
          // Without the mounts of containers below it, which could not be removed otherwise.
          BindOptions: { Propagation: 'rslave', NonRecursive: true } as Docker.MountSettings['BindOptions'],
        },
      ],
    },
  });
  await poll(() => isStarted(container), { for: 'the layer reader to start', timeout: 30_000 });
  return container;
}

async function isStarted(container: Docker.Container): Promise<boolean> {
  try {
    await container.start();
    return true;
  } catch (error) {
    // Another process of this run has started it (304), or has its name but not yet the container (404).
    if (statusOf(error) === 304) return true;
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** A name is given once. So the processes of a run agree on one reader. */
async function createOrFind(
  docker: Docker,
  name: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  try {
    return await docker.createContainer({ name, ...options });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    return docker.getContainer(name);
  }
}

/** Prefers the default image: what is under test did not make its tools. */
async function imageOf(imageId: string): Promise<string> {
  const { source, reference } = await planImage();
  return source === 'present' || source === 'stand-in' ? reference : imageId;
}
