import type Docker from 'dockerode';
import { removeContainer } from '../../container/remove';
import { purposeLabels } from '../../ownership/labels';
import { takeOwnership } from '../../ownership/ownership';
import { connectEngine } from '../../engine/connect/connection';
import { accountFiles } from '../accounts';
import { scanExport } from '../export';
import { loadManifest, storeManifest, type Manifest } from './manifest-cache';

const manifests = new Map<string, Promise<Manifest>>();

/**
 * Returns the manifest of an image. It is made once for an image id, which names its content, and cached in a file.
 *
 * @param imageId `sha256:…`
 */
export async function manifestOf(imageId: string): Promise<Manifest> {
  const known = manifests.get(imageId);
  if (known !== undefined) return known;
  const made = loadOrMake(imageId);
  manifests.set(imageId, made);
  try {
    return await made;
  } catch (error) {
    manifests.delete(imageId);
    throw error;
  }
}

async function loadOrMake(imageId: string): Promise<Manifest> {
  const stored = await loadManifest(imageId);
  if (stored !== undefined) return stored;
  const manifest = await withUntouchedContainer(imageId, makeManifest);
  await storeManifest(imageId, manifest);
  return manifest;
}

async function makeManifest(container: Docker.Container): Promise<Manifest> {
  const names: string[] = Object.values(accountFiles);
  const { tree, contents } = await scanExport(container, { keep: (path) => names.includes(path) });
  const textOf = (path: string): string => contents.get(path)?.toString() ?? '';
  return { tree, passwd: textOf(accountFiles.users), group: textOf(accountFiles.groups) };
}

/** Uses a container that is made but never started, which shows what its image holds. */
export async function withUntouchedContainer<Value>(
  imageId: string,
  use: (container: Docker.Container) => Promise<Value>,
): Promise<Value> {
  const { docker } = await connectEngine();
  const container = await docker.createContainer({
    Image: imageId,
    Entrypoint: ['/never-started'],
    Labels: { ...(await takeOwnership()), ...purposeLabels('manifest') },
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    return await use(container);
  } finally {
    await removeContainer(container);
  }
}
