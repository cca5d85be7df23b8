import type { StartedContainer } from '../container/started-container';
import { codeOf } from '../support/errors';
import { decodePath, encodePath, isPlain, isWithin } from './path';
import type { RootCommands } from './shell';

/** A mount in a running container that the engine's archives don't reach: they have what lies below it. */
export interface HiddenMount {
  /** Its directory, or file. */
  point: string;
  /** The type of its file system, as the kernel calls it: `tmpfs`. */
  fileSystem: string;
}

/** Where a path of a container leads to. */
export interface Place {
  /** The path without links, as far as it exists. */
  path: string;
  /** All hidden mounts of the container. */
  mounts: readonly HiddenMount[];
}

/** Finds out where paths lead to. */
export type FindPlace = (path: string) => Promise<Place>;

/**
 * Creates the function that finds where a path leads to. An engine's archive has the container's volumes and mounted
 * directories, but no tmpfs, which only the running container has, and nothing that a program mounted by itself.
 */
export function findPlaces(container: StartedContainer, commands: RootCommands): FindPlace {
  let known: Promise<KnownMounts> | undefined;
  return async (path) => {
    const { shown, usual } = await (known ??= knownMounts(container));
    const seen = await lookInside(commands, path);
    const [real = path, table = ''] = seen?.split('\0') ?? [];
    const found = parseMounts(table).filter(({ point }) => point !== '/' && !shown.has(point));
    const mounts = [...usual.filter(({ point }) => !found.some((mount) => mount.point === point)), ...found];
    return { path: real.startsWith('/') ? real : path, mounts };
  };
}

/** Returns the hidden mount that a path is on. */
export function hiddenMountOf(path: string, { mounts }: Place): HiddenMount | undefined {
  return mounts
    .filter(({ point }) => isWithin(path, point))
    .reduce<HiddenMount | undefined>(
      (innermost, mount) => (mount.point.length >= (innermost?.point.length ?? 0) ? mount : innermost),
      undefined,
    );
}

/** Returns the hidden mounts below a path. */
export function hiddenMountsBelow({ path, mounts }: Place): HiddenMount[] {
  return mounts.filter(({ point }) => point !== path && isWithin(point, path));
}

interface KnownMounts {
  /** The paths of mounts that the engine's archives show. */
  shown: ReadonlySet<string>;
  /** The hidden mounts of every container of these options. */
  usual: readonly HiddenMount[];
}

const usualMounts: readonly HiddenMount[] = [
  { point: '/proc', fileSystem: 'proc' },
  { point: '/sys', fileSystem: 'sysfs' },
  { point: '/dev', fileSystem: 'tmpfs' },
  { point: '/dev/shm', fileSystem: 'tmpfs' },
];

async function knownMounts({ docker }: Pick<StartedContainer, 'docker'>): Promise<KnownMounts> {
  const { Mounts = [], HostConfig } = (await docker.inspect()) as Inspection;
  const isTmpfs = ({ Type }: { Type?: string }): boolean => Type === 'tmpfs';
  const tmpfs = [...Object.keys(HostConfig.Tmpfs ?? {}), ...Mounts.filter(isTmpfs).map(pointOf)];
  return {
    shown: new Set([
      ...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'],
      ...Mounts.filter((mount) => !isTmpfs(mount)).map(pointOf),
    ]),
    usual: [...usualMounts, ...tmpfs.map((point) => ({ point, fileSystem: 'tmpfs' }))],
  };
}

interface Inspection {
  Mounts?: { Type?: string; Destination: string }[];
  HostConfig: { Tmpfs?: Record<string, string> | null };
}

function pointOf({ Destination }: { Destination: string }): string {
  return Destination;
}

/** How long a look may take, in milliseconds. A container whose shell was replaced must not hold up a copy. */
const lookTimeout = 10_000;

/** Prints the path without links, as far as it exists, a NUL, and the mount table. Needs little more than built-ins. */
const script = `p=$1; rest=
until [ -e "$p" ] || [ -L "$p" ]; do rest=/\${p##*/}$rest; p=\${p%/*}; [ -n "$p" ] || p=/; done
real=$(readlink -f -- "$p" && echo _) || real=$(cd -P -- "$p" && pwd -P && echo _) || real=\${p}_
real=\${real%_}; real=\${real%
}; [ "$real" != / ] || [ -z "$rest" ] || real=
printf '%s%s\\0' "$real" "$rest"
while IFS= read -r line; do printf '%s\\n' "$line"; done </proc/self/mountinfo`;

/** Asks the container itself; undefined if it can't answer: it has stopped, or has no shell. */
async function lookInside(commands: RootCommands, path: string): Promise<string | undefined> {
  if (!isPlain(path)) return lookInside(commands, closestPlain(path)).then(withRest(path));
  try {
    const result = await commands.run('/bin/sh', ['-c', script, 'sh', path], {
      encoding: 'buffer',
      cwd: '/',
      reject: false,
      timeout: lookTimeout,
    });
    return result.failed ? undefined : decodePath(result.stdout);
  } catch (error) {
    // Elsewhere, a command with a time limit is not started in a container without a shell.
    if (['CONTAINER_NOT_RUNNING', 'PROCESS_NOT_SEEN'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Returns the part of a path before the first name that is not UTF-8, which no argument can hold. */
function closestPlain(path: string): string {
  const names = path.split('/');
  const plain = names.slice(
    0,
    names.findIndex((name) => !isPlain(name)),
  );
  return plain.join('/') || '/';
}

function withRest(path: string): (seen: string | undefined) => string | undefined {
  const rest = path.slice(closestPlain(path).length);
  return (seen) => {
    const [real, ...table] = seen?.split('\0') ?? [];
    return (
      real && [`${real === '/' ? '' : real}${rest.startsWith('/') ? '' : '/'}${rest}`, ...table].join('\0')
    );
  };
}

/** Parses the mount table (proc(5), `/proc/<pid>/mountinfo`): mount point and type of each mount, in their order. */
function parseMounts(table: string): HiddenMount[] {
  const mounts = new Map<string, HiddenMount>();
  for (const line of table.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const escaped = before.split(' ')[4];
    const [fileSystem = ''] = after.split(' ');
    if (escaped === undefined || fileSystem === '') continue;
    const bytes = encodePath(escaped)
      .toString('latin1')
      .replace(/\\(\d{3})/g, (_, digits: string) => {
        return String.fromCharCode(parseInt(digits, 8));
      });
    const point = decodePath(Buffer.from(bytes, 'latin1'));
    mounts.set(point, { point, fileSystem });
  }
  return [...mounts.values()];
}
