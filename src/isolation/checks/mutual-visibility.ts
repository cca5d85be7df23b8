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

/** The checks of what two containers can see of each other. */
export type MutualVisibilityCheck = 'namespaces' | 'files' | 'processes';

/** One of the two containers, with the canaries that were put into it. */
interface Probe extends AsyncDisposable {
  subject: ContainerProbe;
  inspected: InspectResult;
  canary: ContainerCanary;
  /** An argument of a process that runs in the container. */
  argument: string;
}

type Pair<Value> = readonly [Value, Value];

/** How long a process may take to be visible in its own container, in milliseconds. */
const visibleTimeoutMs = 10_000;

/**
 * Puts a file and a process with unguessable names into each of two containers, and searches for them in the other.
 *
 * belljar writes the files only in memory and in mounts, never in the writable layer. All canaries are removed
 * afterwards, also after a failure.
 *
 * @throws IsolationError `CANNOT_LOOK`
 */
export async function checkMutualVisibility(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
): Promise<Evidence<MutualVisibilityCheck>[]> {
  await using probes = await startProbes(subjects, pair);
  const { one, other } = probes;
  const [ofOne, ofOther] = await Promise.all([probeFrom(one, other), probeFrom(other, one)]);
  return [
    {
      check: 'namespaces',
      expected: 'none in common except those that every container of Docker shares',
      how: 'the kernel: /proc/self/ns in both',
      ...judgeNamespaces(ofOne, ofOther),
    },
    {
      check: 'files',
      expected: 'no file of one container in the other',
      how: `files written in ${placesOf(one)} and ${placesOf(other)}, each searched for in the other container`,
      ...judgeFiles([one, ofOne], [other, ofOther]),
    },
    {
      check: 'processes',
      expected: 'no process of one container visible in the other',
      how: "a process started in each, searched for in the other container's /proc",
      ...judgeProcesses([one, ofOne], [other, ofOther]),
    },
  ];
}

async function startProbes(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
): Promise<AsyncDisposable & { one: Probe; other: Probe }> {
  const [one, other] = await Promise.allSettled([
    startProbe(subjects[0], pair[0]),
    startProbe(subjects[1], pair[1]),
  ]);
  const removeBoth = async (): Promise<void> => {
    const started = [one, other].filter((result) => result.status === 'fulfilled');
    await Promise.all(started.map(({ value }) => value[Symbol.asyncDispose]()));
  };
  if (one.status === 'fulfilled' && other.status === 'fulfilled') {
    return { one: one.value, other: other.value, [Symbol.asyncDispose]: removeBoth };
  }
  await removeBoth();
  throw [one, other].find((result) => result.status === 'rejected')?.reason as Error;
}

/** Puts a file and a process into a container. Disposing removes both. */
async function startProbe(subject: ContainerProbe, inspected: InspectResult): Promise<Probe> {
  const argument = `belljar-canary-${randomBytes(16).toString('hex')}`;
  const input = new PassThrough();
  const process = subject.run('/bin/sh', ['-c', 'read -r _', 'belljar', argument], {
    input,
    reject: false,
    ...subject.as,
  });
  const endProcess = async (): Promise<void> => {
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
        await Promise.all([endProcess(), canary.remove()]);
      },
    };
  } catch (error) {
    await endProcess();
    throw error;
  }
}

/** Reads the view from inside a container once its own process is visible there. An earlier view proves nothing. */
async function probeFrom(probe: Probe, other: Probe): Promise<ProbeResult> {
  const paths = [...probe.canary.paths, ...pathsFrom(other, probe)];
  return poll(
    async () => {
      const view = await probeInside(probe.subject, { paths, directories: ['/'], thenRemove: [] });
      return view.processes === undefined || view.processes.includes(probe.argument) ? view : undefined;
    },
    { for: `a process to be visible in ${probe.subject.name}`, timeout: visibleTimeoutMs },
  );
}

/** Lists the paths at which the viewer could see a container's files: the same paths, and common mounts. */
function pathsFrom({ canary, inspected }: Probe, viewer: Probe): string[] {
  const byMounts = inspected.Mounts.filter(({ Source }) => Source !== '').flatMap((mount) =>
    viewer.inspected.Mounts.filter(({ Source }) => Source !== '' && isWithin(mount.Source, Source)).map(
      (seen) => posix.join(seen.Destination, posix.relative(seen.Source, mount.Source), canary.name),
    ),
  );
  return [...new Set([...canary.paths, ...byMounts])];
}

function placesOf({ canary }: Probe): string {
  return canary.directories.join(', ');
}

function judgeNamespaces(one: ProbeResult, other: ProbeResult): Finding {
  if (one.namespaces === undefined || other.namespaces === undefined) {
    return { status: 'unknown', found: 'one of the containers has no ls, which this check needs' };
  }
  const common = namespaceKinds.filter((kind) => one.namespaces?.get(kind) === other.namespaces?.get(kind));
  const shared = common.filter((kind) => !sharedByDocker.includes(kind));
  if (shared.length > 0)
    return openIfAny(shared.map((kind) => `${kind}: both have ${one.namespaces?.get(kind) ?? '?'}`));
  return common.length === 0
    ? { status: 'sealed', found: 'none' }
    : { status: 'noted', found: `${common.join(', ')}: in common, which is Docker's default` };
}

/** Without userns-remap, and on cgroup v1, Docker gives containers these namespaces of the host. */
const sharedByDocker: readonly NamespaceKind[] = ['user', 'cgroup'];

function judgeFiles(one: [Probe, ProbeResult], other: [Probe, ProbeResult]): Finding {
  const seen = [...formatFiles(one[0], other), ...formatFiles(other[0], one)];
  if (seen.length > 0) return openIfAny(seen);
  const isThere = ([{ canary }, view]: [Probe, ProbeResult]): boolean =>
    canary.paths.length > 0 && canary.paths.every((path) => view.paths.includes(path));
  return isThere(one) && isThere(other)
    ? { status: 'sealed', found: 'none' }
    : {
        status: 'unknown',
        found: 'belljar could not write a file in one of the containers and find it there',
      };
}

function formatFiles(owner: Probe, [viewer, view]: [Probe, ProbeResult]): string[] {
  const found = pathsFrom(owner, viewer).filter((path) => view.paths.includes(path));
  return found.map((path) => `a file of ${owner.subject.name} is ${path} in ${viewer.subject.name}`);
}

function judgeProcesses(one: [Probe, ProbeResult], other: [Probe, ProbeResult]): Finding {
  if (one[1].processes === undefined || other[1].processes === undefined) {
    return { status: 'unknown', found: 'one of the containers has no cat, which this check needs' };
  }
  return openIfAny([...formatSeen(one[0], other), ...formatSeen(other[0], one)]);
}

function formatSeen(owner: Probe, [viewer, view]: [Probe, ProbeResult]): string[] {
  const isSeen = view.processes?.includes(owner.argument) === true;
  return isSeen ? [`a process of ${owner.subject.name} is visible in ${viewer.subject.name}`] : [];
}
