import { isPodman } from '../../engine/info';
import type { Tree, TreeEntry } from '../tree';
import type { Manifest } from './manifest-cache';

/** What Podman itself makes in a container's layer. */
export interface MadeByPodman {
  /** Entries as they are without Podman. */
  restored: ReadonlyMap<string, TreeEntry>;
  /** Paths on which it mounts, innermost first. */
  mountPoints: readonly string[];
}

/** Podman mounts this file into each container, and tells so by no other way (podman-run(1)). */
const mark = '/run/.containerenv';

/** Podman makes the root of each layer with this mode (containers/storage, drivers/overlay). */
const rootMode = 0o555;

/** Finds what Podman has made. Asks the engine only if something in the tree looks so. */
export async function madeByPodman(tree: Tree, manifest: Manifest): Promise<MadeByPodman> {
  const [root, rootOfImage] = [tree.get('/'), manifest.tree.get('/')];
  const hasItsMode = root?.mode === rootMode && rootOfImage !== undefined && rootOfImage.mode !== rootMode;
  if ((!hasItsMode && !tree.has(mark)) || !(await isPodman()))
    return { restored: new Map(), mountPoints: [] };
  return {
    restored: new Map(hasItsMode ? [['/', { ...root, mode: rootOfImage.mode }]] : []),
    mountPoints: [mark, '/run'],
  };
}
