import { readFile } from 'node:fs/promises';
import { openIfAny, type Evidence } from '../evidence';
import type { ProbeResult } from '../probe/container-probe';
import { parseMountTable, type MountLine } from '../probe/mount-table';
import {
  ifPermitted,
  namespaceKinds,
  readNamespaces,
  statusField,
  type NamespaceKind,
  type Namespaces,
} from '../probe/process';
import type { InspectResult } from '../subject';
import {
  hasFirstCgroupVersion,
  judgeCapabilities,
  judgeMounts,
  judgeSeccomp,
  judgeSharedNamespace,
  namespaceCheck,
  type KernelCheck,
} from './kernel-judgments';

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
  return [
    ...namespaceKinds.map((kind) => judgeNamespace(kind, namespaces, hosts, hasFirstCgroupVersion(groups))),
    judgeCapabilities(status, 'process 1'),
    judgeSeccomp(status, 'process 1'),
    judgeGroups(groups, ownGroups),
    judgeMounts((await readMounts(pid)) ?? (await inside()).mounts, inspected, 'process 1'),
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
    check: namespaceCheck(kind),
    expected: "not the host's",
    how: `the kernel: /proc/<process 1>/ns/${kind}, compared with this process's and the engine's`,
  };
  if (id === undefined)
    return { ...evidence, status: 'unknown', found: "the kernel doesn't show it to this user" };
  if (!isShared) return { ...evidence, status: 'sealed', found: id };
  return { ...evidence, ...judgeSharedNamespace(kind, id, isFirstCgroupVersion) };
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

async function readMounts(pid: number): Promise<MountLine[] | undefined> {
  const text = await ifPermitted(() => readFile(`/proc/${pid}/mountinfo`, 'utf8'));
  return text === undefined ? undefined : parseMountTable(text);
}
