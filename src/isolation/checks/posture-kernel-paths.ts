import { openIfAny, type Evidence } from '../evidence';
import type { ProbeResult } from '../probe/container-probe';
import type { MountLine } from '../probe/mount-table';
import type { InspectResult } from '../subject';

/** The checks of the kernel's settings, which the engine hides from a container or makes read-only. */
export type KernelPathCheck = 'masked paths' | 'read-only paths';

interface KernelPaths {
  check: KernelPathCheck;
  field: 'MaskedPaths' | 'ReadonlyPaths';
  state: string;
  /** Newer engines have more. All engines since 18.09 have these (moby, oci/defaults.go). */
  always: readonly string[];
  /** Whether a mount at a path brings it into this state. */
  isBrought: (mount: MountLine) => boolean;
}

const masked: KernelPaths = {
  check: 'masked paths',
  field: 'MaskedPaths',
  state: 'hidden',
  always: ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/scsi', '/sys/firmware'],
  isBrought: ({ type }) => type !== 'proc' && type !== 'sysfs',
};

const readOnly: KernelPaths = {
  check: 'read-only paths',
  field: 'ReadonlyPaths',
  state: 'read-only',
  always: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  isBrought: ({ isReadOnly }) => isReadOnly,
};

/** The paths whose existence in the container is read, for an engine that does not tell what it has done to them. */
export const kernelPaths: readonly string[] = [...masked.always, ...readOnly.always];

/**
 * Checks that the kernel's settings are hidden or read-only, by the engine's account. Podman gives none: then the mount
 * table in the container tells.
 *
 * @param inside reads the view from inside the container, with `kernelPaths`; undefined if that is impossible
 */
export async function checkKernelPaths(
  inspected: InspectResult,
  inside: () => Promise<ProbeResult | undefined>,
): Promise<Evidence<KernelPathCheck>[]> {
  return Promise.all(
    [masked, readOnly].map(async (paths) => {
      const told = inspected.HostConfig[paths.field];
      return Array.isArray(told) ? judgeTold(paths, told) : judgeSeen(paths, await inside());
    }),
  );
}

function judgeTold(paths: KernelPaths, told: readonly string[]): Evidence<KernelPathCheck> {
  return {
    ...evidenceOf(paths),
    how: `the engine: HostConfig.${paths.field}`,
    ...openIfAny(
      paths.always.filter((path) => !told.includes(path)).map((path) => `not ${paths.state}: ${path}`),
      `${told.length} paths ${paths.state}`,
    ),
  };
}

function judgeSeen(paths: KernelPaths, inside: ProbeResult | undefined): Evidence<KernelPathCheck> {
  const evidence = {
    ...evidenceOf(paths),
    how: 'the kernel: /proc/self/mountinfo of a command in the container',
  };
  const mounts = inside?.mounts;
  if (inside === undefined || mounts === undefined) {
    const found = "the engine doesn't tell, and the container's mount table can't be read";
    return { ...evidence, status: 'unknown', found };
  }
  const there = paths.always.filter((path) => inside.paths.includes(path));
  const isProtected = (path: string): boolean => {
    const last = mounts.findLast(({ point }) => point === path);
    return last !== undefined && paths.isBrought(last);
  };
  return {
    ...evidence,
    ...openIfAny(
      there.filter((path) => !isProtected(path)).map((path) => `not ${paths.state}: ${path}`),
      `${there.length} paths ${paths.state}`,
    ),
  };
}

function evidenceOf({ check, state }: KernelPaths): Pick<Evidence<KernelPathCheck>, 'check' | 'expected'> {
  return { check, expected: `the kernel's settings ${state}, as in every container` };
}
