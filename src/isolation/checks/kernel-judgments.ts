import { firstNames } from '../../support/lines';
import { openIfAny, type Evidence, type Finding } from '../evidence';
import { beyondDefault } from '../../container/options/capabilities';
import { decodeCapabilities } from '../probe/capabilities';
import { unexplainedMounts, type MountLine } from '../probe/mount-table';
import { statusField, type NamespaceKind } from '../probe/process';
import type { InspectResult } from '../subject';

/** The checks that the container has its own namespaces, by the kernel's account. */
export type NamespaceCheck = `${'mount' | 'pid' | 'network' | 'ipc' | 'uts' | 'user' | 'cgroup'} namespace`;

/** The checks by the kernel's account of a container. */
export type KernelCheck =
  NamespaceCheck | 'held capabilities' | 'seccomp filter' | 'control group' | 'mount table';

const namespaceNames = {
  mnt: 'mount',
  pid: 'pid',
  net: 'network',
  ipc: 'ipc',
  uts: 'uts',
  user: 'user',
  cgroup: 'cgroup',
} as const;

/** Returns the name of the check of one kind of namespace. */
export function namespaceCheck(kind: NamespaceKind): NamespaceCheck {
  return `${namespaceNames[kind]} namespace`;
}

/** Judges that a container has a namespace of the host's: `noted` if Docker itself shares it, otherwise `open`. */
export function judgeSharedNamespace(
  kind: NamespaceKind,
  id: string,
  isFirstCgroupVersion: boolean,
): Finding {
  const why = whyShared(kind, isFirstCgroupVersion);
  return why === undefined
    ? { status: 'open', found: `the host's (${kind}:[${id}])` }
    : { status: 'noted', found: `the host's, which is ${why}` };
}

/** Says why Docker itself shares a namespace with the host, if it does. */
function whyShared(kind: NamespaceKind, isFirstCgroupVersion: boolean): string | undefined {
  if (kind === 'user') return "Docker's default without userns-remap: root inside is root outside";
  if (kind === 'cgroup' && isFirstCgroupVersion)
    return "Docker's default on cgroup v1: names of groups can be read";
  return undefined;
}

/** Returns whether a process's `/proc/<pid>/cgroup` is that of cgroup v1, or of both versions at once. */
export function hasFirstCgroupVersion(groups: string): boolean {
  return !groups
    .trim()
    .split('\n')
    .every((line) => line.startsWith('0::'));
}

/** @param whose the process whose `/proc/<pid>/status` it is */
export function judgeCapabilities(status: string, whose: string): Evidence<KernelCheck> {
  const fields = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];
  const held = fields.flatMap((field) => decodeCapabilities(statusField(status, field) ?? '0'));
  return {
    check: 'held capabilities',
    expected: "none beyond the engine's default",
    how: `the kernel: ${fields.join(', ')} of ${whose}`,
    ...openIfAny(
      list(beyondDefault([...new Set(held)])),
      `${new Set(held).size} of the default capabilities`,
    ),
  };
}

function list(names: string[]): string[] {
  return names.length > 8 ? [firstNames(names, 8)] : names;
}

/**
 * The values are those of seccomp(2), as proc(5) lists them for `Seccomp`.
 *
 * @param whose the process whose `/proc/<pid>/status` it is
 */
export function judgeSeccomp(status: string, whose: string): Evidence<KernelCheck> {
  const found: Record<string, Finding> = {
    '0': { status: 'open', found: 'no filter: every system call gets through' },
    '1': { status: 'sealed', found: 'strict' },
    '2': { status: 'sealed', found: 'a filter' },
  };
  return {
    check: 'seccomp filter',
    expected: 'system calls are filtered',
    how: `the kernel: Seccomp of ${whose}`,
    ...(found[statusField(status, 'Seccomp') ?? ''] ?? {
      status: 'unknown',
      found: "the kernel doesn't report it",
    }),
  };
}

/** @param whose the process whose mount table it is */
export function judgeMounts(
  table: MountLine[] | undefined,
  { Mounts, HostConfig }: InspectResult,
  whose: string,
): Evidence<KernelCheck> {
  const evidence = {
    check: 'mount table' as const,
    expected: 'no mounts of files on disk except those that the engine lists',
    how: `the kernel: /proc/<${whose}>/mountinfo`,
  };
  if (table === undefined)
    return { ...evidence, status: 'unknown', found: "the kernel doesn't show it to this user" };
  const known = [...Mounts.map(({ Destination }) => Destination), ...(HostConfig.Init ? initPaths : [])];
  const binds = Mounts.filter(({ Type }) => Type === 'bind').map(({ Destination }) => Destination);
  const found = unexplainedMounts(table, known, binds);
  return {
    ...evidence,
    ...openIfAny(found.map(({ type, source, root, point }) => `${root} of ${source} (${type}) on ${point}`)),
  };
}

/** Where the engine mounts its init: `/sbin` is a link to `/usr/sbin` in many images. */
const initPaths = ['/sbin/docker-init', '/usr/sbin/docker-init'];
