import { openIfAny, type Evidence } from '../evidence';
import type { MountLine } from '../probe/mount-table';
import { withoutTool, type ProbeResult } from '../probe/container-probe';
import { namespaceKinds, type NamespaceKind } from '../probe/process';
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

/** The process that reads the kernel's files: a command of belljar in the container, as the container's root. */
const reader = 'a command in the container';

/**
 * The numbers of the kernel's initial namespaces, which never change (include/linux/proc_ns.h). Those of the network
 * and the mount namespace are fixed from Linux 6.18 on only, so other signs tell these two.
 */
const initialNamespaces: Partial<Record<NamespaceKind, string>> = {
  pid: '4026531836',
  ipc: '4026531839',
  uts: '4026531838',
  user: '4026531837',
  cgroup: '4026531835',
};

/**
 * Checks what the kernel shows inside a container, where belljar can't see the engine's processes: Docker Desktop, an
 * engine on another machine, a test that itself runs in a container.
 *
 * The host is then the machine that the kernel runs on. An engine may itself run in a container, whose namespaces are
 * not the kernel's initial ones. If such an engine shares its own namespaces, the posture shows it, not the kernel.
 */
export function checkKernelFromInside(
  inspected: InspectResult,
  inside: ProbeResult,
): Evidence<KernelCheck>[] {
  const { status, groups } = inside;
  if (status === undefined || groups === undefined)
    return [
      withoutTool(
        { check: 'held capabilities', expected: 'the files in /proc', how: `the kernel: ${reader}` },
        'cat',
      ),
    ];
  return [
    ...namespaceKinds.map((kind) => judgeNamespace(kind, inside, groups)),
    judgeCapabilities(status, reader),
    judgeSeccomp(status, reader),
    judgeGroups(groups, inspected, inside),
    judgeMounts(inside.mounts, inspected, reader),
  ];
}

function judgeNamespace(kind: NamespaceKind, inside: ProbeResult, groups: string): Evidence<KernelCheck> {
  const evidence = {
    check: namespaceCheck(kind),
    expected: "not the kernel's initial one",
    how: signOf(kind),
  };
  const id = inside.namespaces?.get(kind);
  const initial = isInitial(kind, id, inside);
  if (id === undefined || initial === undefined)
    return { ...evidence, status: 'unknown', found: 'the container does not show it' };
  return initial
    ? { ...evidence, ...judgeSharedNamespace(kind, id, hasFirstCgroupVersion(groups)) }
    : { ...evidence, status: 'sealed', found: id };
}

function signOf(kind: NamespaceKind): string {
  if (kind === 'net') return 'the kernel: net.core.dev_weight, which only the initial one has';
  if (kind === 'mnt') return 'the kernel: the file system at / in /proc/self/mountinfo';
  return `the kernel: /proc/self/ns/${kind} of ${reader}`;
}

/** Returns undefined if the container does not show it. */
function isInitial(kind: NamespaceKind, id: string | undefined, inside: ProbeResult): boolean | undefined {
  if (kind === 'net') return inside.hasInitialNetwork;
  if (kind === 'mnt') return hasRootOfDisk(inside.mounts);
  return initialNamespaces[kind] === id;
}

/**
 * A container's root is a layered file system, or a directory of one. The root of a whole disk is a machine's.
 *
 * No engine has an option that shares the mount namespace, so this looks for an engine without any containment.
 */
function hasRootOfDisk(mounts: readonly MountLine[] | undefined): boolean | undefined {
  const root = mounts?.findLast(({ point }) => point === '/');
  if (root === undefined) return undefined;
  return !layered.test(root.type) && root.root === '/';
}

const layered = /^(overlay|fuse-overlayfs|fuse\.fuse-overlayfs|aufs|zfs|btrfs)$/;

function judgeGroups(groups: string, { Id }: InspectResult, inside: ProbeResult): Evidence<KernelCheck> {
  const evidence = {
    check: 'control group' as const,
    expected: "the container's own",
    how: `the kernel: /proc/self/cgroup of ${reader}`,
  };
  if (groups.includes(Id)) return { ...evidence, status: 'sealed', found: 'its own' };
  const namespace = inside.namespaces?.get('cgroup');
  if (namespace === undefined)
    return { ...evidence, status: 'unknown', found: 'the container does not show it' };
  // In a cgroup namespace of its own, paths begin at the container's group, and `/..` leads out of it
  // (cgroup_namespaces(7)).
  if (namespace !== initialNamespaces.cgroup && !groups.includes(':/..'))
    return { ...evidence, status: 'sealed', found: 'within a cgroup namespace of its own' };
  return { ...evidence, ...openIfAny(groups.trim().split('\n')) };
}
