import { InvalidOptionError, statusOf } from '../support/errors';
import { checkBehavior, type BehaviorCheck } from './checks/behavior';
import { IsolationError } from './errors';
import { conclude, type Evidence, type IsolationReport } from './evidence';
import { currentSnapshot, type HostSnapshot } from './host/snapshot';
import { compareWithNow } from './host/unchanged';
import { probedAsRoot, probeInside, type ProbeResult } from './probe/container-probe';
import { checkKernel, type KernelCheck } from './checks/kernel';
import { checkPosture, type PostureCheck } from './checks/posture';
import { findOnThisMachine } from './probe/process';
import { gatherIfPossible, type EvidenceTemplate } from './gather';
import { inspect, type InspectResult, type Subject } from './subject';

/** The three ways in which evidence is gathered. */
export type HostEvidenceWay = 'posture' | 'kernel' | 'behavior';

/** What is checked of a container and its host, by the names that a failure prints. */
export type HostIsolationCheck =
  PostureCheck | KernelCheck | BehaviorCheck | "the kernel's view" | 'behavior' | 'watched host paths';

/** What is expected of a container that is isolated from its host. */
export interface HostIsolationOptions {
  /**
   * Which ways of gathering evidence the claim rests on. Default: all three.
   *
   * `kernel` needs an engine on this machine, `behavior` a shell in the container. Where one of them can't look, the
   * check fails and says so; leaving it out here is how a spec says that it claims less.
   */
  by?: readonly HostEvidenceWay[];
  /** Checks that may be open, by the names that a failure prints: `['bind mounts']`. Default: none. */
  allow?: readonly HostIsolationCheck[];
  /**
   * How the host was before, from `host.snapshot()`. Default: the last `host.watch()`, if there was one; otherwise no
   * host paths are watched.
   */
  since?: HostSnapshot;
}

const ways: readonly HostEvidenceWay[] = ['posture', 'kernel', 'behavior'];

/**
 * Gathers evidence that a container is sealed off from the host: its posture, what the kernel says, and canaries.
 *
 * Leaves nothing behind on either side, whatever happens. Costs one question to the engine and two commands in the
 * container.
 *
 * @throws InvalidOptionError
 * @throws IsolationError `CONTAINER_GONE`
 */
export async function checkIsolationFromHost(
  subject: Subject,
  options: HostIsolationOptions = {},
): Promise<IsolationReport<HostIsolationCheck>> {
  const by = checkWays(options.by);
  const inspected = await inspectPresent(subject);
  const inside = lookOnce(subject, inspected);
  const gathered: Promise<Evidence<HostIsolationCheck>[]>[] = [
    by.includes('posture') ? checkPosture(subject, inspected) : Promise.resolve([]),
    by.includes('kernel') ? gatherKernel(inspected, inside) : Promise.resolve([]),
    by.includes('behavior') ? gatherBehavior(subject, inspected) : Promise.resolve([]),
    by.includes('behavior') ? checkWatched(options.since ?? currentSnapshot()) : Promise.resolve([]),
  ];
  return conclude((await Promise.all(gathered)).flat(), options.allow);
}

function checkWays(by: readonly HostEvidenceWay[] = ways): readonly HostEvidenceWay[] {
  const isKnown = by.length > 0 && by.every((way) => ways.includes(way));
  if (!isKnown) throw new InvalidOptionError('by', `must be one or more of ${ways.join(', ')}`, by);
  return by;
}

/** @throws IsolationError `CONTAINER_GONE` */
export async function inspectPresent(subject: Subject): Promise<InspectResult> {
  try {
    return await inspect(subject);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw new IsolationError('CONTAINER_GONE', `The engine has no container ${subject.name} any more.`, {
      cause: error,
    });
  }
}

function lookOnce(subject: Subject, inspected: InspectResult): () => Promise<ProbeResult> {
  let view: Promise<ProbeResult> | undefined;
  return () =>
    (view ??= probeInside(probedAsRoot(subject, inspected), {
      paths: [],
      directories: ['/'],
      thenRemove: [],
    }));
}

/** Why a container that isn't running can't be looked at; undefined for one that is. */
export function whyNotRunning({ State: { Running, Paused, Status } }: InspectResult): string | undefined {
  if (Running && !Paused) return undefined;
  return `the container is ${Status}; only a running one can be looked at`;
}

async function gatherKernel(
  inspected: InspectResult,
  inside: () => Promise<ProbeResult>,
): Promise<Evidence<HostIsolationCheck>[]> {
  const sought: EvidenceTemplate<HostIsolationCheck> = {
    check: "the kernel's view",
    expected: "the container's process 1 to be seen by this machine's kernel",
    how: `the engine: State.Pid; a spec that claims less says so: { by: ['posture', 'behavior'] }`,
  };
  return gatherIfPossible(sought, whyNotRunning(inspected), async () => {
    const pid = await findOnThisMachine(inspected);
    if (typeof pid === 'string') throw new IsolationError('CANNOT_LOOK', `the engine runs elsewhere: ${pid}`);
    return checkKernel(pid, inspected, inside);
  });
}

async function gatherBehavior(
  subject: Subject,
  inspected: InspectResult,
): Promise<Evidence<HostIsolationCheck>[]> {
  const sought: EvidenceTemplate<HostIsolationCheck> = {
    check: 'behavior',
    expected: 'canaries to be put into the container and looked for',
    how: `commands in the container; a spec that claims less says so: { by: ['posture', 'kernel'] }`,
  };
  return gatherIfPossible(sought, whyNotRunning(inspected), () =>
    checkBehavior(probedAsRoot(subject, inspected), inspected),
  );
}

async function checkWatched(before: HostSnapshot | undefined): Promise<Evidence<HostIsolationCheck>[]> {
  return before === undefined ? [] : (await compareWithNow(before)).evidence;
}
