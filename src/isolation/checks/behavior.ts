import { lstat, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { codeOf } from '../../support/errors';
import { plantInside, type ContainerCanary } from '../probe/container-canary';
import { openIfAny, type Evidence } from '../evidence';
import { plantOnHost, type HostCanary } from '../probe/host-canary';
import { probeInside, type ContainerProbe, type ProbeResult } from '../probe/container-probe';
import { isWithin } from './posture-mounts';
import type { InspectResult } from '../subject';

export type BehaviorCheck =
  | 'files written inside'
  | 'files of the host'
  | 'directories of the host'
  | 'processes of the host'
  | 'ports of the host'
  | 'sockets of the host';

/** Directories that most systems have and write to. */
const usualPlaces = ['/', '/etc', '/usr', '/home', '/run', '/tmp', '/var', '/var/tmp', '/dev', '/dev/shm'];

/**
 * What happens when somebody tries: canaries with unguessable names, inside and on this machine, are looked for on the
 * other side. All of them are gone afterwards, however it ends.
 *
 * Inside, canaries are written in memory and in mounts only, never in the writable layer. A mount of the host's does
 * see a file come and go.
 */
export async function checkBehavior(
  subject: ContainerProbe,
  inspected: InspectResult,
): Promise<Evidence<BehaviorCheck>[]> {
  await using host = await plantOnHost();
  const canary = await plantInside(subject, inspected);
  try {
    const places = hostPlaces(inspected);
    const candidates = pathsInside(host.files, inspected);
    const seenOutside = await lookOutside(canary.name, places);
    const view = await probeInside(subject, {
      paths: [...candidates, ...canary.paths],
      directories: places,
      thenRemove: canary.paths,
    });
    return [
      judgeEscapes(canary, view, seenOutside),
      judgeFiles(view, candidates),
      await judgeDirectories(view, places),
      judgeProcesses(view, host),
      judgePorts(view, host),
      judgeSockets(view, host),
    ];
  } catch (error) {
    await canary.remove();
    throw error;
  }
}

/** Where a file from inside would come up: where programs write, where this run works, and what is mounted. */
function hostPlaces({ Mounts }: InspectResult): string[] {
  const mounted = Mounts.filter(({ Type }) => Type === 'bind').map(({ Source }) => Source);
  return [...new Set([...usualPlaces, tmpdir(), homedir(), process.cwd(), ...mounted])];
}

/** The paths by which files of the host would be reached inside: their own, and below each mount that has them. */
function pathsInside(files: readonly string[], { Mounts }: InspectResult): string[] {
  const byMounts = Mounts.flatMap(({ Source, Destination }) =>
    files
      .filter((file) => Source !== '' && isWithin(file, Source))
      .map((file) => posix.join(Destination, file.slice(Source === '/' ? 0 : Source.length))),
  );
  return [...new Set([...files, ...byMounts])];
}

/** The paths on this machine at which a name is found, and those that can't be looked at. */
async function lookOutside(
  name: string,
  places: readonly string[],
): Promise<{ seen: string[]; hidden: string[] }> {
  const seen: string[] = [];
  const hidden: string[] = [];
  await Promise.all(
    places.map(async (place) => {
      try {
        await lstat(join(place, name));
        seen.push(join(place, name));
      } catch (error) {
        if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) hidden.push(place);
      }
    }),
  );
  return { seen: seen.sort(), hidden: hidden.sort() };
}

function judgeEscapes(
  canary: ContainerCanary,
  view: ProbeResult,
  outside: Awaited<ReturnType<typeof lookOutside>>,
): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'files written inside' as const,
    expected: 'nowhere on this machine',
    how: `a file ${canary.name} written in ${canary.places.join(', ')} and looked for outside`,
  };
  if (outside.seen.length > 0) return { ...evidence, ...openIfAny(outside.seen) };
  if (canary.paths.length === 0 || !canary.paths.every((path) => view.paths.includes(path))) {
    return { ...evidence, status: 'unknown', found: 'no file could be written inside and found there again' };
  }
  return outside.hidden.length > 0
    ? { ...evidence, status: 'unknown', found: `this user may not look in ${outside.hidden.join(', ')}` }
    : { ...evidence, status: 'sealed', found: 'nowhere' };
}

function judgeFiles(view: ProbeResult, candidates: readonly string[]): Evidence<BehaviorCheck> {
  return {
    check: 'files of the host',
    expected: 'nowhere inside',
    how: 'files written on this machine and looked for inside',
    ...openIfAny(
      candidates.filter((path) => view.paths.includes(path)).map((path) => `${path} is seen inside`),
    ),
  };
}

async function judgeDirectories(
  view: ProbeResult,
  places: readonly string[],
): Promise<Evidence<BehaviorCheck>> {
  const evidence = {
    check: 'directories of the host' as const,
    expected: 'none of them inside',
    how: 'device and inode of the same paths on both sides',
  };
  const { directories } = view;
  if (directories === undefined) return cannotLook(evidence, 'stat');
  const outside = await Promise.all(places.map(identityOf));
  const shared = places.filter((place, index) => {
    const inside = directories.get(place);
    return inside !== undefined && inside === outside[index];
  });
  return { ...evidence, ...openIfAny(shared.map((place) => `${place} inside is the host's`)) };
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

function judgeProcesses(view: ProbeResult, { argument, variable }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'processes of the host' as const,
    expected: 'none of them inside, nor their environments',
    how: 'a process started on this machine and looked for in /proc inside',
  };
  if (view.processes === undefined) return cannotLook(evidence, 'cat');
  return {
    ...evidence,
    ...openIfAny([
      ...(view.processes.includes(argument) ? ['the process is seen inside'] : []),
      ...(view.environments.includes(variable) ? ['its environment is read inside'] : []),
    ]),
  };
}

/**
 * In `/proc/net/tcp` the address is the machine's byte order, in hexadecimal, and `0A` is a listening socket (proc(5)).
 */
function judgePorts(view: ProbeResult, { port }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'ports of the host' as const,
    expected: "what listens at the host's 127.0.0.1 doesn't inside",
    how: `port ${port} listened on by this process and looked for in /proc/net/tcp inside`,
  };
  if (view.tcp === undefined) return cannotLook(evidence, 'cat');
  const listening = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  return {
    ...evidence,
    ...openIfAny(view.tcp.includes(listening) ? [`127.0.0.1:${port} is the host's`] : []),
  };
}

function judgeSockets(view: ProbeResult, { socket }: HostCanary): Evidence<BehaviorCheck> {
  const evidence = {
    check: 'sockets of the host' as const,
    expected: 'no abstract Unix socket of the host inside',
    how: 'a socket listened on by this process and looked for in /proc/net/unix inside',
  };
  if (socket === undefined)
    return { ...evidence, status: 'noted', found: 'this system has no abstract sockets' };
  if (view.unix === undefined) return cannotLook(evidence, 'cat');
  return { ...evidence, ...openIfAny(view.unix.includes(`@${socket}`) ? [`@${socket} is seen inside`] : []) };
}

function cannotLook<Part extends object>(
  evidence: Part,
  tool: string,
): Part & { status: 'unknown'; found: string } {
  return { ...evidence, status: 'unknown', found: `the container has no ${tool} that could look` };
}
