import { openIfAny, type Evidence } from '../evidence';
import { containerOf } from './posture-namespaces';
import { isWithin } from '../../filesystem/path';
import { formatSocketReach, resolveHostPath } from './posture-mounts';
import {
  inspectOther,
  engineSocketOf,
  type InspectResult,
  type InspectedMount,
  type Subject,
} from '../subject';

/** The checks of what the engine was told to share between two containers. */
export type SharingCheck =
  'volumes and mounts' | 'volumes from' | 'namespace modes' | 'links' | 'power over the host';

type Pair = readonly [InspectResult, InspectResult];

/**
 * Checks what two containers share, by the engine's account. Power over the host is power over every container on it: a
 * container that is privileged, or has the engine's socket or the host's processes, can reach the other that way.
 */
export async function checkSharing(
  subjects: readonly [Subject, Subject],
  pair: Pair,
): Promise<Evidence<SharingCheck>[]> {
  const power = await Promise.all(pair.map((inspected) => formatPower(subjects[0], inspected)));
  return [
    {
      check: 'volumes and mounts',
      expected: 'no volume and no directory of the host that both have',
      how: 'the engine: Mounts of both',
      ...openIfAny(await formatSharedMounts(pair)),
    },
    {
      check: 'volumes from',
      expected: 'neither has all volumes of the other',
      how: 'the engine: HostConfig.VolumesFrom of both',
      ...openIfAny(bothWays(pair, formatVolumesFrom)),
    },
    {
      check: 'namespace modes',
      expected: 'neither was put into namespaces of the other, nor both into the same',
      how: 'the engine: HostConfig.NetworkMode, PidMode, IpcMode, UTSMode of both',
      ...openIfAny(await formatSharedModes(subjects[0], pair)),
    },
    {
      check: 'links',
      expected: 'neither is linked to the other',
      how: 'the engine: HostConfig.Links of both',
      ...openIfAny(bothWays(pair, formatLinks)),
    },
    {
      check: 'power over the host',
      expected: 'neither can do to the other what the host can',
      how: 'the engine: HostConfig.Privileged, PidMode, Mounts of both',
      ...openIfAny(power.flat()),
    },
  ];
}

function bothWays(pair: Pair, describe: (one: InspectResult, other: InspectResult) => string[]): string[] {
  return [...describe(pair[0], pair[1]), ...describe(pair[1], pair[0])];
}

function nameOf({ Name }: InspectResult): string {
  return Name.slice(1);
}

async function formatSharedMounts([one, other]: Pair): Promise<string[]> {
  const ofOne = await sourcesOf(one);
  const ofOther = await sourcesOf(other);
  return ofOne.flatMap(([source, mount]) =>
    ofOther
      .filter(([otherSource]) => isWithin(source, otherSource) || isWithin(otherSource, source))
      .map(([, otherMount]) => `${formatOne(one, mount)}, and ${formatOne(other, otherMount)}`),
  );
}

async function sourcesOf({ Mounts }: InspectResult): Promise<[string, InspectedMount][]> {
  const ofHost = Mounts.filter(({ Type, Source }) => Type !== 'tmpfs' && Type !== 'image' && Source !== '');
  return Promise.all(
    ofHost.map(async (mount): Promise<[string, InspectedMount]> => [
      await resolveHostPath(mount.Source),
      mount,
    ]),
  );
}

function formatOne(container: InspectResult, { Type, Name, Source, Destination }: InspectedMount): string {
  return `${Type === 'volume' ? `volume ${Name ?? Source}` : Source} on ${Destination} of ${nameOf(container)}`;
}

function formatVolumesFrom(one: InspectResult, other: InspectResult): string[] {
  const names = (one.HostConfig.VolumesFrom ?? []).map((from) => from.replace(/:[a-z,]+$/, ''));
  return names.some((name) => isNameOf(name, other))
    ? [`${nameOf(one)} has all volumes of ${nameOf(other)}`]
    : [];
}

function formatLinks(one: InspectResult, other: InspectResult): string[] {
  const linked = (one.HostConfig.Links ?? []).map((link) => link.split(':')[0]?.slice(1) ?? '');
  return linked.includes(nameOf(other)) ? [`${nameOf(one)} is linked to ${nameOf(other)}`] : [];
}

/** An engine accepts a container's name, its id, or the beginning of its id. */
function isNameOf(name: string, { Id, Name }: InspectResult): boolean {
  return name === Name.slice(1) || (name.length > 0 && Id.startsWith(name));
}

const modeFields = ['NetworkMode', 'PidMode', 'IpcMode', 'UTSMode'] as const;

async function formatSharedModes(subject: Subject, [one, other]: Pair): Promise<string[]> {
  const found = await Promise.all(
    modeFields.map(async (field) => {
      const owners = await Promise.all([ownerOf(subject, one, field), ownerOf(subject, other, field)]);
      if (owners[0] !== owners[1]) return [];
      return [
        `${field}: both have ${owners[0] === 'host' ? "the host's" : `that of container ${owners[0]}`}`,
      ];
    }),
  );
  return found.flat();
}

/** Returns the owner of a container's namespace: a container's name or id, or `host`. */
async function ownerOf(
  subject: Subject,
  inspected: InspectResult,
  field: (typeof modeFields)[number],
): Promise<string> {
  const mode = inspected.HostConfig[field];
  if (mode === 'host') return 'host';
  const target = containerOf(mode);
  if (target === undefined) return nameOf(inspected);
  const next = await inspectOther(subject, target);
  return next === undefined ? target : ownerOf(subject, next, field);
}

async function formatPower(subject: Subject, inspected: InspectResult): Promise<string[]> {
  const binds = inspected.Mounts.filter(({ Type }) => Type === 'bind');
  const sockets = await Promise.all(binds.map((mount) => formatSocketReach(mount, engineSocketOf(subject))));
  const name = nameOf(inspected);
  return [
    ...(inspected.HostConfig.Privileged === true ? [`${name} is privileged`] : []),
    ...(inspected.HostConfig.PidMode === 'host'
      ? [`${name} sees the host's processes, the other's among them`]
      : []),
    ...sockets.flat().map((reach) => `${name} reaches the engine's socket ${reach}`),
  ];
}
