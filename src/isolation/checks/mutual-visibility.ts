import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { posix } from 'node:path';
import { poll } from '../../support/poll';
import { plantInside, type ContainerCanary } from '../probe/container-canary';
import { openIfAny, type Evidence, type Finding } from '../evidence';
import { probeInside, type ContainerProbe, type ProbeResult } from '../probe/container-probe';
import { isWithin } from '../../filesystem/path';
import { namespaceKinds, type NamespaceKind } from '../probe/process';
import type { InspectResult } from '../subject';

/** What two containers may see of each other. */
export type MutualVisibilityCheck = 'namespaces' | 'files' | 'processes';

/** One of the two containers, with what was put into it to be found in the other. */
interface Probe extends AsyncDisposable {
  subject: ContainerProbe;
  inspected: InspectResult;
  canary: ContainerCanary;
  /** An argument of a process that runs in it. */
  argument: string;
}

type Pair<Value> = readonly [Value, Value];

/** How long a process may take to show up in its own container, in milliseconds. */
const showUpTimeout = 10_000;

/**
 * Puts a file and a process with unguessable names into each of two containers, and looks for them in the other.
 *
 * Files are in memory and in mounts, never in the writable layer. All of it is gone afterwards, however it ends.
 *
 * @throws IsolationError `CANNOT_LOOK`
 */
export async function checkMutualVisibility(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
): Promise<Evidence<MutualVisibilityCheck>[]> {
  await using guests = await probeBoth(subjects, pair);
  const { one, other } = guests;
  const [ofOne, ofOther] = await Promise.all([lookFrom(one, other), lookFrom(other, one)]);
  return [
    {
      check: 'namespaces',
      expected: 'none in common but those that Docker gives every container',
      how: 'the kernel: /proc/self/ns in both',
      ...judgeNamespaces(ofOne, ofOther),
    },
    {
      check: 'files',
      expected: 'what is written in one is nowhere in the other',
      how: `files written in ${one.canary.places.join(', ')} and ${other.canary.places.join(', ')}, looked for in the other`,
      ...judgeFiles([one, ofOne], [other, ofOther]),
    },
    {
      check: 'processes',
      expected: 'neither sees a process of the other',
      how: 'a process started in each and looked for in /proc of the other',
      ...judgeProcesses([one, ofOne], [other, ofOther]),
    },
  ];
}

async function probeBoth(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
): Promise<AsyncDisposable & { one: Probe; other: Probe }> {
  const [one, other] = await Promise.allSettled([
    startProbe(subjects[0], pair[0]),
    startProbe(subjects[1], pair[1]),
  ]);
  const leave = async (): Promise<void> => {
    const entered = [one, other].filter((result) => result.status === 'fulfilled');
    await Promise.all(entered.map(({ value }) => value[Symbol.asyncDispose]()));
  };
  if (one.status === 'fulfilled' && other.status === 'fulfilled') {
    return { one: one.value, other: other.value, [Symbol.asyncDispose]: leave };
  }
  await leave();
  throw [one, other].find((result) => result.status === 'rejected')?.reason as Error;
}

/** Puts a file and a process into a container. Disposing takes both out again. */
async function startProbe(subject: ContainerProbe, inspected: InspectResult): Promise<Probe> {
  const argument = `belljar-canary-${randomBytes(16).toString('hex')}`;
  const input = new PassThrough();
  const process = subject.run('/bin/sh', ['-c', 'read -r _', 'belljar', argument], {
    input,
    reject: false,
    ...subject.as,
  });
  const leave = async (): Promise<void> => {
    input.end();
    await process;
  };
  try {
    const canary = await plantInside(subject, inspected);
    return {
      subject,
      inspected,
      canary,
      argument,
      [Symbol.asyncDispose]: async () => {
        await Promise.all([leave(), canary.remove()]);
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Looks around in one container, once its own process shows up there: before that a look would prove nothing. */
async function lookFrom(guest: Probe, other: Probe): Promise<ProbeResult> {
  const paths = [...guest.canary.paths, ...pathsFrom(other, guest)];
  return poll(
    async () => {
      const view = await probeInside(guest.subject, { paths, directories: ['/'], thenRemove: [] });
      return view.processes === undefined || view.processes.includes(guest.argument) ? view : undefined;
    },
    { for: `a process to show up in ${guest.subject.name}`, timeout: showUpTimeout },
  );
}

/** The paths by which a container would reach the other's files: their own, and through what both have mounted. */
function pathsFrom({ canary, inspected }: Probe, viewer: Probe): string[] {
  const byMounts = inspected.Mounts.filter(({ Source }) => Source !== '').flatMap((mount) =>
    viewer.inspected.Mounts.filter(({ Source }) => Source !== '' && isWithin(mount.Source, Source)).map(
      (seen) => posix.join(seen.Destination, posix.relative(seen.Source, mount.Source), canary.name),
    ),
  );
  return [...new Set([...canary.paths, ...byMounts])];
}

function judgeNamespaces(one: ProbeResult, other: ProbeResult): Finding {
  if (one.namespaces === undefined || other.namespaces === undefined) {
    return { status: 'unknown', found: 'one of the containers has no ls that could look' };
  }
  const common = namespaceKinds.filter((kind) => one.namespaces?.get(kind) === other.namespaces?.get(kind));
  const shared = common.filter((kind) => !sharedByDocker.includes(kind));
  if (shared.length > 0)
    return openIfAny(shared.map((kind) => `${kind}: both have ${one.namespaces?.get(kind) ?? '?'}`));
  return common.length === 0
    ? { status: 'sealed', found: 'none' }
    : { status: 'noted', found: `${common.join(', ')}: in common, as Docker does for every container` };
}

/** Without userns-remap, and on cgroup v1, containers have these from the host. */
const sharedByDocker: readonly NamespaceKind[] = ['user', 'cgroup'];

function judgeFiles(one: [Probe, ProbeResult], other: [Probe, ProbeResult]): Finding {
  const seen = [...describeFiles(one[0], other), ...describeFiles(other[0], one)];
  if (seen.length > 0) return openIfAny(seen);
  const isThere = ([{ canary }, view]: [Probe, ProbeResult]): boolean =>
    canary.paths.length > 0 && canary.paths.every((path) => view.paths.includes(path));
  return isThere(one) && isThere(other)
    ? { status: 'sealed', found: 'none' }
    : { status: 'unknown', found: 'no file could be written in one of them and found there again' };
}

function describeFiles(owner: Probe, [viewer, view]: [Probe, ProbeResult]): string[] {
  const found = pathsFrom(owner, viewer).filter((path) => view.paths.includes(path));
  return found.map((path) => `a file of ${owner.subject.name} is ${path} in ${viewer.subject.name}`);
}

function judgeProcesses(one: [Probe, ProbeResult], other: [Probe, ProbeResult]): Finding {
  if (one[1].processes === undefined || other[1].processes === undefined) {
    return { status: 'unknown', found: 'one of the containers has no cat that could look' };
  }
  return openIfAny([...describeSeen(one[0], other), ...describeSeen(other[0], one)]);
}

function describeSeen(owner: Probe, [viewer, view]: [Probe, ProbeResult]): string[] {
  const isSeen = view.processes?.includes(owner.argument) === true;
  return isSeen ? [`a process of ${owner.subject.name} is seen in ${viewer.subject.name}`] : [];
}
