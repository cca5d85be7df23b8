import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { statusOf } from '../support/errors';
import { isListOfStrings, listOfStrings, must } from '../support/options/option-checks';
import { checkBehavior, type BehaviorCheck } from './checks/behavior';
import { IsolationError } from './errors';
import { conclude, type Evidence, type IsolationReport } from './evidence';
import { currentSnapshot, snapshotCheck, type HostSnapshot } from './host/snapshot';
import { compareWithNow } from './host/unchanged';
import { probedAsRoot, probeInside, type ProbeResult } from './probe/container-probe';
import { checkKernel } from './checks/kernel';
import { checkKernelFromInside } from './checks/kernel-inside';
import type { KernelCheck } from './checks/kernel-judgments';
import { kernelPaths } from './checks/posture-kernel-paths';
import { checkPosture, type PostureCheck } from './checks/posture';
import { findOnThisMachine } from './probe/process';
import { gatherIfPossible, type EvidenceTemplate } from './gather';
import { inspect, type InspectResult, type Subject } from './subject';

/** The sources of evidence: the engine's configuration, the kernel, and canaries. */
export type HostEvidenceSource = 'posture' | 'kernel' | 'behavior';

/** The checks of a container and its host, by the names that a failure prints. */
export type HostIsolationCheck =
  PostureCheck | KernelCheck | BehaviorCheck | "the kernel's view" | 'behavior' | 'watched host paths';

/** Options of the check that a container is isolated from its host. */
export interface HostIsolationOptions {
  /**
   * The sources of evidence. Default: all three.
   *
   * `behavior` needs `/bin/sh` in the container, and so does `kernel` if the engine is not on this machine. If a source
   * can't be checked, the whole check fails and says so. To claim less, leave the source out.
   */
  by?: readonly HostEvidenceSource[];
  /** Checks that may be open, by the names that a failure prints: `['bind mounts']`. Default: none. */
  allow?: readonly HostIsolationCheck[];
  /**
   * An earlier state of the host, from `host.snapshot()`. Default: that of the last `host.watch()`. Without either, no
   * paths of the host are checked.
   */
  since?: HostSnapshot;
}

const sources: readonly HostEvidenceSource[] = ['posture', 'kernel', 'behavior'];

const checks = {
  by: must(`must be one or more of ${sources.join(', ')}`, isListOfSources),
  allow: listOfStrings,
  since: snapshotCheck,
} satisfies OptionChecks<HostIsolationOptions>;

/**
 * Gathers evidence that a container is sealed off from the host: its configuration, the kernel's view, and canaries.
 *
 * All canaries are removed on both sides, also after a failure. The check costs one request to the engine and two
 * commands in the container; three if the kernel has to be asked from inside.
 *
 * @throws InvalidOptionError
 * @throws IsolationError `CONTAINER_GONE`
 */
export async function checkIsolationFromHost(
  subject: Subject,
  options: HostIsolationOptions = {},
): Promise<IsolationReport<HostIsolationCheck>> {
  checkOptions(options, checks);
  const { by = sources } = options;
  const inspected = await inspectPresent(subject);
  const inside = probeOnce(subject, inspected);
  const gathered: Promise<Evidence<HostIsolationCheck>[]>[] = [
    by.includes('posture')
      ? checkPosture(subject, inspected, () => insideIfPossible(inspected, inside))
      : Promise.resolve([]),
    by.includes('kernel') ? gatherKernel(inspected, inside) : Promise.resolve([]),
    by.includes('behavior') ? gatherBehavior(subject, inspected) : Promise.resolve([]),
    by.includes('behavior') ? checkWatched(options.since ?? currentSnapshot()) : Promise.resolve([]),
  ];
  return conclude((await Promise.all(gathered)).flat(), options.allow);
}

function isListOfSources(by: unknown): boolean {
  return isListOfStrings(by) && by.length > 0 && by.every((name) => sources.some((known) => known === name));
}

/** @throws IsolationError `CONTAINER_GONE` */
export async function inspectPresent(subject: Subject): Promise<InspectResult> {
  try {
    return await inspect(subject);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw new IsolationError('CONTAINER_GONE', `The engine no longer has the container ${subject.name}.`, {
      cause: error,
    });
  }
}

function probeOnce(subject: Subject, inspected: InspectResult): () => Promise<ProbeResult> {
  let result: Promise<ProbeResult> | undefined;
  return () =>
    (result ??= probeInside(probedAsRoot(subject, inspected), {
      paths: kernelPaths,
      directories: ['/'],
      thenRemove: [],
    }));
}

/** Returns undefined if the container can't be looked at from inside. */
async function insideIfPossible(
  inspected: InspectResult,
  inside: () => Promise<ProbeResult>,
): Promise<ProbeResult | undefined> {
  if (whyNotRunning(inspected) !== undefined) return undefined;
  try {
    return await inside();
  } catch (error) {
    if (error instanceof IsolationError && error.code === 'CANNOT_LOOK') return undefined;
    throw error;
  }
}

/** Says why a container that isn't running can't be checked. Returns undefined for a running container. */
export function whyNotRunning({ State: { Running, Paused, Status } }: InspectResult): string | undefined {
  if (Running && !Paused) return undefined;
  return `the container is ${Status}; only a running container can be checked`;
}

async function gatherKernel(
  inspected: InspectResult,
  inside: () => Promise<ProbeResult>,
): Promise<Evidence<HostIsolationCheck>[]> {
  const template: EvidenceTemplate<HostIsolationCheck> = {
    check: "the kernel's view",
    expected: "the container's process 1, visible to this machine's kernel",
    how: `the engine: State.Pid; to check without the kernel: { by: ['posture', 'behavior'] }`,
  };
  return gatherIfPossible(template, whyNotRunning(inspected), async () => {
    const pid = await findOnThisMachine(inspected);
    if (typeof pid === 'number') return checkKernel(pid, inspected, inside);
    return [elsewhere(template, pid), ...checkKernelFromInside(inspected, await inside())];
  });
}

/** Says which views of the host could not be had, because the engine's processes can't be seen from here. */
function elsewhere(
  { check, expected }: EvidenceTemplate<HostIsolationCheck>,
  why: string,
): Evidence<HostIsolationCheck> {
  return {
    check,
    status: 'noted',
    expected,
    found:
      `the view from inside the container only, because the engine's machine can't be seen from here (${why}): ` +
      'not its processes, its mount table, its files, its ports or its sockets; canaries are on this machine',
    how: 'the engine: State.Pid',
  };
}

async function gatherBehavior(
  subject: Subject,
  inspected: InspectResult,
): Promise<Evidence<HostIsolationCheck>[]> {
  const template: EvidenceTemplate<HostIsolationCheck> = {
    check: 'behavior',
    expected: 'canaries put into the container and on this machine, and searched for',
    how: `commands in the container; to check without them: { by: ['posture', 'kernel'] }`,
  };
  return gatherIfPossible(template, whyNotRunning(inspected), () =>
    checkBehavior(probedAsRoot(subject, inspected), inspected),
  );
}

async function checkWatched(before: HostSnapshot | undefined): Promise<Evidence<HostIsolationCheck>[]> {
  return before === undefined ? [] : (await compareWithNow(before)).evidence;
}
