import type { LayerDirectories } from '../host-tar';
import { parentOf } from '../path';
import type { TreeEntry } from '../tree';
import { differencesOf } from './compare';
import type { Manifest } from './manifest-cache';

/** The part of the engine's description of a container that is needed here. */
export interface MountInspection extends LayerDirectories {
  Mounts?: { Destination: string }[];
  Config: { WorkingDir?: string };
  HostConfig?: {
    Tmpfs?: Record<string, string> | null;
    Devices?: { PathInContainer: string }[] | null;
    Init?: boolean | null;
  };
}

/** Where the engine mounts its init: `/sbin` is a link to `/usr/sbin` in many images. */
const initPaths = ['/sbin/docker-init', '/usr/sbin/docker-init'];

/** Returns the paths that the engine makes in a container's layer if they are missing, innermost first. */
export function mountPoints({ Mounts = [], Config, HostConfig }: MountInspection): string[] {
  const roots = [
    ...Mounts.map(({ Destination }) => Destination),
    ...Object.keys(HostConfig?.Tmpfs ?? {}),
    ...(HostConfig?.Devices ?? []).map(({ PathInContainer }) => PathInContainer),
    ...(HostConfig?.Init === true ? initPaths : []),
  ];
  if (Config.WorkingDir) roots.push(Config.WorkingDir);
  const all = new Set<string>();
  for (const root of roots)
    for (let path = root; path !== '/' && path !== ''; path = parentOf(path)) all.add(path);
  return [...all].sort((a, b) => b.length - a.length);
}

export function isChangedOrNew(manifest: Manifest, path: string, entry: TreeEntry): boolean {
  const old = manifest.tree.get(path);
  return old === undefined || differencesOf(old, entry).length > 0;
}
