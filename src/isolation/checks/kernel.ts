import { readFile } from 'node:fs/promises';
import { beyondDefault } from '../../container/options/capabilities';
import { decodeCapabilities } from '../probe/capabilities';
import { openIfAny, type Evidence, type Finding } from '../evidence';
import { type ProbeResult } from '../probe/container-probe';
import { parseMountTable, unexplainedMounts, type MountLine } from '../probe/mount-table';
import {
  namespaceKinds,
  readNamespaces,
  statusField,
  ifPermitted,
  type NamespaceKind,
  type Namespaces,
} from '../probe/process';
import type { InspectResult } from '../subject';
import { firstNames } from '../../support/lines';

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

/**
 * Checks what the kernel says of the container's process 1, whatever the engine was told. The engine must run on this
 * machine.
 *
 * The host's namespaces are those of this process and those of process 1's parent, which is a process of the engine. If
 * this process may not read the container's namespaces (it is not root), a command in the container reads them.
 *
 * @param pid this machine's number of the container's process 1
 * @param inside reads the view from inside the container; called only if it is needed
 */
export async function checkKernel(
  pid: number,
  inspected: InspectResult,
  inside: () => Promise<ProbeResult>,
): Promise<Evidence<KernelCheck>[]> {
  const [status, groups, ownGroups] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/cgroup`, 'utf8'),
    readFile('/proc/self/cgroup', 'utf8'),
  ]);
  const parent = Number(statusField(status, 'PPid'));
  const [own, engine, outside] = await Promise.all([
    readNamespaces('self'),
    parent > 1 ? readNamespaces(parent) : undefined,
    readNamespaces(pid),
  ]);
  const namespaces = outside ?? (await inside()).namespaces;
  const hosts = [own, engine].filter((found) => found !== undefined);
  const isFirstCgroupVersion = !groups
    .trim()
    .split('\n')
    .every((line) => line.startsWith('0::'));
  return [
    ...namespaceKinds.map((kind) => judgeNamespace(kind, namespaces, hosts, isFirstCgroupVersion)),
    judgeCapabilities(status),
    judgeSeccomp(status),
    judgeGroups(groups, ownGroups),
    judgeMounts((await readMounts(pid)) ?? (await inside()).mounts, inspected),
  ];
}

function judgeNamespace(
  kind: NamespaceKind,
  container: Namespaces | undefined,
  hosts: readonly Namespaces[],
  isFirstCgroupVersion: boolean,
): Evidence<KernelCheck> {
  const id = container?.get(kind);
  const isShared = hosts.some((host) => host.get(kind) === id);
  const evidence = {
    check: `${namespaceNames[kind]} namespace` as const,
    expected: "not the host's",
    how: `the kernel: /proc/<process 1>/ns/${kind}, compared with this process's and the engine's`,
  };
  if (id === undefined)
    return { ...evidence, status: 'unknown', found: "the kernel doesn't show it to this user" };
  if (!isShared) return { ...evidence, status: 'sealed', found: id };
  const why = whyShared(kind, isFirstCgroupVersion);
  if (why !== undefined) return { ...evidence, status: 'noted', found: `the host's, which is ${why}` };
  return { ...evidence, status: 'open', found: `the host's (${kind}:[${id}])` };
}

/** Says why Docker itself shares a namespace with the host, if it does. */
function whyShared(kind: NamespaceKind, isFirstCgroupVersion: boolean): string | undefined {
  if (kind === 'user') return "Docker's default without userns-remap: root inside is root outside";
  if (kind === 'cgroup' && isFirstCgroupVersion)
    return "Docker's default on cgroup v1: names of groups can be read";
  return undefined;
}

function judgeCapabilities(status: string): Evidence<KernelCheck> {
  const fields = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];
  const held = fields.flatMap((field) => decodeCapabilities(statusField(status, field) ?? '0'));
  return {
    check: 'held capabilities',
    expected: "none beyond the engine's default",
    how: `the kernel: ${fields.join(', ')} of process 1`,
    ...openIfAny(
      list(beyondDefault([...new Set(held)])),
      `${new Set(held).size} of the default capabilities`,
    ),
  };
}

function list(names: string[]): string[] {
  return names.length > 8 ? [firstNames(names, 8)] : names;
}

/** The values are those of seccomp(2), as proc(5) lists them for `Seccomp`. */
function judgeSeccomp(status: string): Evidence<KernelCheck> {
  const found: Record<string, Finding> = {
    '0': { status: 'open', found: 'no filter: every system call gets through' },
    '1': { status: 'sealed', found: 'strict' },
    '2': { status: 'sealed', found: 'a filter' },
  };
  return {
    check: 'seccomp filter',
    expected: 'system calls are filtered',
    how: 'the kernel: Seccomp of process 1',
    ...(found[statusField(status, 'Seccomp') ?? ''] ?? {
      status: 'unknown',
      found: "the kernel doesn't report it",
    }),
  };
}

function judgeGroups(groups: string, ownGroups: string): Evidence<KernelCheck> {
  const own = new Set(ownGroups.trim().split('\n'));
  return {
    check: 'control group',
    expected: "not this process's",
    how: "the kernel: /proc/<process 1>/cgroup, compared with this process's",
    ...openIfAny(
      groups
        .trim()
        .split('\n')
        .filter((line) => own.has(line)),
      'its own',
    ),
  };
}

function judgeMounts(
  table: MountLine[] | undefined,
  { Mounts, HostConfig }: InspectResult,
): Evidence<KernelCheck> {
  const evidence = {
    check: 'mount table' as const,
    expected: 'no mounts of files on disk except those that the engine lists',
    how: 'the kernel: /proc/<process 1>/mountinfo',
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

async function readMounts(pid: number): Promise<MountLine[] | undefined> {
  const text = await ifPermitted(() => readFile(`/proc/${pid}/mountinfo`, 'utf8'));
  return text === undefined ? undefined : parseMountTable(text);
}
