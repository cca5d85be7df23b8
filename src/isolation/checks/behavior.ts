import { lstat, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { codeOf } from '../../support/errors';
import { plantInside, type ContainerCanary } from '../probe/container-canary';
import { openIfAny, type Evidence } from '../evidence';
import { plantOnHost, type HostCanary } from '../probe/host-canary';
import { probeInside, withoutTool, type ContainerProbe, type ProbeResult } from '../probe/container-probe';
import { isWithin } from '../../filesystem/path';
import type { InspectResult } from '../subject';

/** The checks by canaries: does anything get out of a container, or in? */
export type BehaviorCheck =
  | 'files written inside'
  | 'files of the host'
  | 'directories of the host'
  | 'processes of the host'
  | 'ports of the host'
  | 'sockets of the host';

/** Directories that exist on most systems, and that programs write to. */
const usualDirectories = [
  '/',
  '/etc',
  '/usr',
  '/home',
  '/run',
  '/tmp',
  '/var',
  '/var/tmp',
  '/dev',
  '/dev/shm',
];

/**
 * Puts canaries with unguessable names into the container and on this machine, and searches for them on the other
 * side. All canaries are removed afterwards, also after a failure.
 *
 * In the container, belljar writes canaries only in memory and in mounts, never in the writable layer. In a mount of
 * the host, a file appears for a moment.
 */
export async function checkBehavior(
  subject: ContainerProbe,
  inspected: InspectResult,
): Promise<Evidence<BehaviorCheck>[]> {
  await using host = await plantOnHost();
  const canary = await plantInside(subject, inspected);
  try {
    const directories = hostDirectories(inspected);
    const candidates = pathsInside(host.files, inspected);
    const onHost = await searchHost(canary.name, directories);
    const inside = await probeInside(subject, {
      paths: [...candidates, ...canary.paths],
      directories,
      thenRemove: canary.paths,
    });
    return [
      judgeEscapes(canary, inside, onHost),
      judgeFiles(inside, candidates),
      await judgeDirectories(inside, directories),
      judgeProcesses(inside, host),
      judgePorts(inside, host),
      judgeSockets(inside, host),
    ];
  } catch (error) {
    await canary.remove();
    throw error;
  }
}

/** Lists directories in which a file of the container could appear: usual, mounted, and those of this run. */
function hostDirectories({ Mounts }: InspectResult): string[] {
  const mounted = Mounts.filter(({ Type }) => Type === 'bind').map(({ Source }) => Source);
  return [...new Set([...usualDirectories, tmpdir(), homedir(), process.cwd(), ...mounted])];
}

/** Lists the paths of the host's files in the container: the same paths, and those below each mount that has them. */
function pathsInside(files: readonly string[], { Mounts }: InspectResult): string[] {
  const byMounts = Mounts.flatMap(({ Source, Destination }) =>
    files
      .filter((file) => Source !== '' && isWithin(file, Source))
      .map((file) => posix.join(Destination, file.slice(Source === '/' ? 0 : Source.length))),
  );
  return [...new Set([...files, ...byMounts])];
}

/** Finds the paths on this machine that have a name, and the directories that this user may not search. */
async function searchHost(
  name: string,
  directories: readonly string[],
): Promise<{ found: string[]; hidden: string[] }> {
  const found: string[] = [];
  const hidden: string[] = [];
  await Promise.all(
    directories.map(async (directory) => {
      try {
        await lstat(join(directory, name));
        found.push(join(directory, name));
      } catch (error) {
        if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) hidden.push(directory);
      }
    }),
  );
  return { found: found.sort(), hidden: hidden.sort() };
}

function judgeEscapes(
  canary: ContainerCanary,
  inside: ProbeResult,
  onHost: Awaited<ReturnType<typeof searchHost>>,
): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'files written inside' as const,
    expected: 'nowhere on this machine',
    how: `a file ${canary.name} written in ${canary.directories.join(', ')} and searched for on this machine`,
  };
  if (onHost.found.length > 0) return { ...evidence, ...openIfAny(onHost.found) };
  if (canary.paths.length === 0 || !canary.paths.every((path) => inside.paths.includes(path))) {
    return {
      ...evidence,
      status: 'unknown',
      found: 'belljar could not write a file in the container and find it there',
    };
  }
  return onHost.hidden.length > 0
    ? { ...evidence, status: 'unknown', found: `this user may not search ${onHost.hidden.join(', ')}` }
    : { ...evidence, status: 'sealed', found: 'nowhere' };
}

function judgeFiles(inside: ProbeResult, candidates: readonly string[]): Evidence<BehaviorCheck> {
  return {
    check: 'files of the host',
    expected: 'nowhere in the container',
    how: 'files written on this machine and searched for in the container',
    ...openIfAny(
      candidates
        .filter((path) => inside.paths.includes(path))
        .map((path) => `${path} is visible in the container`),
    ),
  };
}

async function judgeDirectories(
  inside: ProbeResult,
  paths: readonly string[],
): Promise<Evidence<BehaviorCheck>> {
  const evidence = {
    check: 'directories of the host' as const,
    expected: 'none of them in the container',
    how: 'device and inode of the same paths on both sides',
  };
  const { directories } = inside;
  if (directories === undefined) return withoutTool(evidence, 'stat');
  const onHost = await Promise.all(paths.map(identityOf));
  const shared = paths.filter((path, index) => {
    const identity = directories.get(path);
    return identity !== undefined && identity === onHost[index];
  });
  return { ...evidence, ...openIfAny(shared.map((path) => `${path} in the container is the host's`)) };
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function judgeProcesses(inside: ProbeResult, { argument, variable }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'processes of the host' as const,
    expected: 'none of them visible in the container, nor their environments',
    how: "a process started on this machine and searched for in the container's /proc",
  };
  if (inside.processes === undefined) return withoutTool(evidence, 'cat');
  return {
    ...evidence,
    ...openIfAny([
      ...(inside.processes.includes(argument) ? ['the process is visible in the container'] : []),
      ...(inside.environments.includes(variable) ? ['its environment can be read in the container'] : []),
    ]),
  };
}

/** In `/proc/net/tcp` the address is in the machine's byte order and hexadecimal; `0A` means listening (proc(5)). */
function judgePorts(inside: ProbeResult, { port }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'ports of the host' as const,
    expected: "no port of the host's 127.0.0.1 in the container",
    how: `port ${port}, on which this process listens, searched for in the container's /proc/net/tcp`,
  };
  if (inside.tcp === undefined) return withoutTool(evidence, 'cat');
  const listening = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  return {
    ...evidence,
    ...openIfAny(inside.tcp.includes(listening) ? [`127.0.0.1:${port} is the host's`] : []),
  };
}

function judgeSockets(inside: ProbeResult, { socket }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'sockets of the host' as const,
    expected: 'no abstract Unix socket of the host in the container',
    how: "a socket on which this process listens, searched for in the container's /proc/net/unix",
  };
  if (socket === undefined)
    return { ...evidence, status: 'noted', found: 'this system has no abstract sockets' };
  if (inside.unix === undefined) return withoutTool(evidence, 'cat');
  return {
    ...evidence,
    ...openIfAny(inside.unix.includes(`@${socket}`) ? [`@${socket} is visible in the container`] : []),
  };
}
