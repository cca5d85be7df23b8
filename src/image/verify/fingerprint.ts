import { takeOwnership } from '../../ownership/ownership';
import type Docker from 'dockerode';
import { readTree, type Tree } from './tree';

/** The first tree of each image in this process, by the image's id. */
const baselines = new Map<string, Tree>();

/** Returns the fingerprint of an image's files. The first one in this process becomes the image's baseline. */
export async function imageFingerprint(docker: Docker, id: string): Promise<string> {
  const tree = await readImageTree(docker, id);
  if (!baselines.has(id)) baselines.set(id, tree);
  return tree.fingerprint;
}

/** Returns the tree that {@link imageFingerprint} read first, if any. */
export function baselineOf(id: string): Tree | undefined {
  return baselines.get(id);
}

/**
 * Reads the files of a new container of an image. belljar creates, reads and removes the container; it never runs.
 *
 * Source: Docker Engine API, `GET /containers/{id}/export`.
 */
export async function readImageTree(docker: Docker, id: string): Promise<Tree> {
  const container = await docker.createContainer({
    Image: id,
    // Otherwise the engine would refuse an image without a command.
    Cmd: ['belljar'],
    NetworkDisabled: true,
    Labels: { ...(await takeOwnership()), 'belljar.purpose': 'fingerprint' },
  });
  try {
    return await readTree(await container.export());
  } finally {
    await container.remove({ force: true, v: true });
  }
}
