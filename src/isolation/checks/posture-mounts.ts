import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { isWithin } from '../../filesystem/path';
import type { Evidence } from '../evidence';
import { openIfAny } from '../evidence';
import { engineOf, engineSocketOf, type InspectResult, type InspectedMount, type Subject } from '../subject';

/** The checks of what the engine was told to mount into a container. */
export type MountCheck = 'engine socket' | 'bind mounts' | 'volumes' | 'volumes from';

/** Whatever can write to one of these sockets is root on the host. The engine listens on the first by default. */
const usualSocket = '/run/docker.sock';
const otherSockets = [
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/crio/crio.sock',
  '/run/docker/containerd/containerd.sock',
];

/**
 * Checks which files of the host are mounted into a container, by the engine's account.
 *
 * A volume without a name is removed with its container, and is sealed if no other container has it. A volume with a
 * name outlives its container, and the next container may get it. So it is open, whether or not it is shared now.
 */
export async function checkMounts(
  subject: Subject,
  inspected: InspectResult,
): Promise<Evidence<MountCheck>[]> {
  const binds = inspected.Mounts.filter(({ Type }) => !['volume', 'tmpfs', 'image'].includes(Type));
  const volumes = inspected.Mounts.filter(({ Type }) => Type === 'volume');
  const reaches = await Promise.all(binds.map((mount) => formatSocketReach(mount, engineSocketOf(subject))));
  const openVolumes = await Promise.all(volumes.map((mount) => formatOpenVolume(subject, mount)));
  return [
    {
      check: 'engine socket',
      expected: "no mount through which an engine's socket is reached",
      how: 'the engine: Mounts',
      ...openIfAny(reaches.flat()),
    },
    {
      check: 'bind mounts',
      expected: 'no file or directory of the host',
      how: 'the engine: Mounts, which the option binds sets',
      ...openIfAny(binds.map(formatBind)),
    },
    {
      check: 'volumes',
      expected: 'only volumes without a name that no other container has',
      how: 'the engine: Mounts, which the option volumes sets, and the containers that have the volumes',
      ...openIfAny(openVolumes.flat(), volumes.length === 0 ? 'none' : `${volumes.length} of its own`),
    },
    {
      check: 'volumes from',
      expected: 'no volumes of another container',
      how: 'the engine: HostConfig.VolumesFrom',
      ...openIfAny(
        (inspected.HostConfig.VolumesFrom ?? []).map((other) => `all volumes of container ${other}`),
      ),
    },
  ];
}

/** Resolves a path's symbolic links, if this machine has the path. Everywhere else, `/var/run` becomes `/run`. */
export async function resolveHostPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path.replace(/^\/var\/run(?=\/|$)/, '/run');
  }
}

function formatBind({ Type, Source, Destination, RW }: InspectedMount): string {
  const kind = Type === 'bind' ? '' : ` (${Type})`;
  return `${Source}${kind} on ${Destination}, ${RW ? 'writable' : 'read-only'}`;
}

/** Lists the engine sockets that a mount makes reachable, and their paths in the container. */
export async function formatSocketReach(mount: InspectedMount, own: string | undefined): Promise<string[]> {
  if (mount.Source === '') return [];
  const source = await resolveHostPath(mount.Source);
  const present = otherSockets.filter((socket) => existsSync(socket));
  const sockets = await Promise.all([own ?? usualSocket, usualSocket, ...present].map(resolveHostPath));
  const reached = [...new Set(sockets)].filter((socket) => isWithin(socket, source));
  return reached.map((socket) => {
    const rest = relative(source, socket);
    const inside = rest === '' ? mount.Destination : `${mount.Destination.replace(/\/$/, '')}/${rest}`;
    return `${socket} at ${inside}, by the mount of ${mount.Source}`;
  });
}

async function formatOpenVolume(subject: Subject, mount: InspectedMount): Promise<string[]> {
  const { Name: name = '', Destination } = mount;
  const engine = engineOf(subject);
  const [volume, users] = await Promise.all([
    engine.getVolume(name).inspect(),
    engine.listContainers({ all: true, filters: { volume: [name] } }),
  ]);
  const others = users.filter(({ Id }) => Id !== subject.id).map(({ Names, Id }) => Names[0]?.slice(1) ?? Id);
  const device = volume.Options?.device;
  const reasons = [
    others.length > 0 ? `shared with container ${others.join(', ')}` : '',
    isAnonymous(name) ? '' : 'it has a name and outlives the container',
    device === undefined ? '' : `it is ${device} of the host`,
  ].filter((reason) => reason !== '');
  return reasons.length === 0 ? [] : [`${name} on ${Destination}: ${reasons.join('; ')}`];
}

/** The engine names an anonymous volume with 64 random hexadecimal digits. */
function isAnonymous(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}
