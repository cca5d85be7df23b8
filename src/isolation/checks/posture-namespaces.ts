import type { Evidence, Finding } from '../evidence';
import { inspectOther } from '../other';
import type { InspectResult, Subject } from '../subject';

export type NamespaceModeCheck =
  'network mode' | 'pid mode' | 'ipc mode' | 'uts mode' | 'user namespace mode' | 'cgroup namespace mode';

type ModeField = 'NetworkMode' | 'PidMode' | 'IpcMode' | 'UTSMode' | 'UsernsMode';

const modes: { check: NamespaceModeCheck; field: ModeField; expected: string }[] = [
  {
    check: 'network mode',
    field: 'NetworkMode',
    expected: "a network of the container's own, not the host's",
  },
  { check: 'pid mode', field: 'PidMode', expected: "processes of the container's own, not the host's" },
  { check: 'ipc mode', field: 'IpcMode', expected: "shared memory of the container's own, not the host's" },
  { check: 'uts mode', field: 'UTSMode', expected: "a host name of the container's own, not the host's" },
  {
    check: 'user namespace mode',
    field: 'UsernsMode',
    expected: "the engine's own setting, not overridden by host",
  },
];

/**
 * Which namespaces the engine was asked to share.
 *
 * A namespace of another container (`container:<id>`) is the host's exactly when that one's is, so the chain is
 * followed to its end; that two containers share it is for `toBeIsolatedFrom` to judge.
 */
export async function checkNamespaceModes(
  subject: Subject,
  inspected: InspectResult,
): Promise<Evidence<NamespaceModeCheck>[]> {
  const judged = await Promise.all(
    modes.map(async ({ check, field, expected }) => ({
      check,
      expected,
      how: `the engine: HostConfig.${field}`,
      ...(await judgeMode(subject, inspected, field)),
    })),
  );
  return [...judged, checkCgroupMode(inspected)];
}

async function judgeMode(subject: Subject, inspected: InspectResult, field: ModeField): Promise<Finding> {
  const mode = inspected.HostConfig[field] ?? '';
  if (mode === 'host') return { status: 'open', found: 'host' };
  const other = containerOf(mode);
  if (other === undefined) return { status: 'sealed', found: mode === '' ? 'private' : mode };
  return judgeOther(subject, other, field);
}

async function judgeOther(subject: Subject, other: string, field: ModeField): Promise<Finding> {
  const found = await inspectOther(subject, other);
  if (found === undefined)
    return { status: 'unknown', found: `container ${other}, whose own is gone and can't be judged` };
  const itsOwn = await judgeMode(subject, found, field);
  const name = found.Name.slice(1);
  return itsOwn.status === 'sealed'
    ? { status: 'noted', found: `shared with container ${name}` }
    : { status: itsOwn.status, found: `container ${name}, whose own is ${itsOwn.found}` };
}

/** The other container in a mode such as `container:<id>`. */
export function containerOf(mode: string | undefined): string | undefined {
  return /^container:(.+)$/.exec(mode ?? '')?.[1];
}

/**
 * On cgroup v1 the host's cgroup namespace is what Docker gives every container ("--cgroupns" in Docker's
 * documentation), and the engine's answer doesn't tell that from a wish; the kernel's part of the evidence judges it by
 * the cgroup version.
 */
function checkCgroupMode({
  HostConfig: { CgroupnsMode: mode = '' },
}: InspectResult): Evidence<NamespaceModeCheck> {
  return {
    check: 'cgroup namespace mode',
    status: mode === 'host' ? 'noted' : 'sealed',
    expected: "private, or Docker's default, which is the host's on cgroup v1",
    found: mode === '' ? 'private' : mode,
    how: 'the engine: HostConfig.CgroupnsMode',
  };
}
