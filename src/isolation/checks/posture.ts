import type { Evidence } from '../evidence';
import { checkExposure, type ExposureCheck } from './posture-exposure';
import { checkKernelPaths, type KernelPathCheck } from './posture-kernel-paths';
import { checkMounts, type MountCheck } from './posture-mounts';
import { checkNamespaceModes, type NamespaceModeCheck } from './posture-namespaces';
import { checkPrivileges, type PrivilegeCheck } from './posture-privileges';
import type { ProbeResult } from '../probe/container-probe';
import type { InspectResult, Subject } from '../subject';

/** The checks of the configuration with which the engine created a container. */
export type PostureCheck = MountCheck | NamespaceModeCheck | PrivilegeCheck | KernelPathCheck | ExposureCheck;

/**
 * Checks the configuration of a container. Works with any engine, local or remote.
 *
 * @param inside reads the view from inside the container, for what an engine does not tell; undefined if impossible
 */
export async function checkPosture(
  subject: Subject,
  inspected: InspectResult,
  inside: () => Promise<ProbeResult | undefined>,
): Promise<Evidence<PostureCheck>[]> {
  const [mounts, modes, paths] = await Promise.all([
    checkMounts(subject, inspected),
    checkNamespaceModes(subject, inspected),
    checkKernelPaths(inspected, inside),
  ]);
  return [...mounts, ...modes, ...checkPrivileges(inspected), ...paths, ...checkExposure(inspected)];
}
