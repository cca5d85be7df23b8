import { takeOwnership } from '../../ownership/ownership';
import type Docker from 'dockerode';
import { readTree, type Tree } from './tree';

/** The first tree that was read of each image in this process, by the image's id. */
const baselines = new Map<string, Tree>();

/** The fingerprint of an image's files; the first one in this process becomes the image's baseline. */
export async function imageFingerprint(docker: Docker, id: string): Promise<string> {
  const tree = await readImageTree(docker, id);
  if (!baselines.has(id)) baselines.set(id, tree);
  return tree.fingerprint;
}

/** The tree that {@link imageFingerprint} read first. */
export function baselineOf(id: string): Tree | undefined {
  return baselines.get(id);
}

/**
 * The files that a new container of an image has. The container is made, read and removed, and never runs.
 *
 * Source: Docker Engine API, `GET /containers/{id}/export`.
 */
export async function readImageTree(docker: Docker, id: string): Promise<Tree> {
  const container = await docker.createContainer({
    Image: id,
    // An image without a command of its own would be refused.
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
