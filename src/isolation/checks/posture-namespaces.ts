import type { Evidence, Finding } from '../evidence';
import { inspectOther, type InspectResult, type Subject } from '../subject';

/** The checks of which namespaces the engine was told to share with a container. */
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
 * Checks which namespaces the engine was told to share.
 *
 * A container can have a namespace of another container (`container:<id>`). belljar follows the chain to its end, which
 * may be the host. If two containers share a namespace, that is a matter of `toBeIsolatedFrom`.
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
    return { status: 'unknown', found: `container ${other}, which is gone, so its mode is unknown` };
  const itsOwn = await judgeMode(subject, found, field);
  const name = found.Name.slice(1);
  return itsOwn.status === 'sealed'
    ? { status: 'noted', found: `shared with container ${name}` }
    : { status: itsOwn.status, found: `container ${name}, whose mode is ${itsOwn.found}` };
}

/** Returns the other container's id or name in a mode such as `container:<id>`. */
export function containerOf(mode: string | undefined): string | undefined {
  return /^container:(.+)$/.exec(mode ?? '')?.[1];
}

/**
 * On cgroup v1, Docker gives every container the host's cgroup namespace ("--cgroupns" in Docker's documentation). The
 * engine's answer doesn't tell if a test asked for that. The checks by the kernel consider the cgroup version.
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
