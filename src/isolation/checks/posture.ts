import type { Evidence } from '../evidence';
import { checkExposure, type ExposureCheck } from './posture-exposure';
import { checkMounts, type MountCheck } from './posture-mounts';
import { checkNamespaceModes, type NamespaceModeCheck } from './posture-namespaces';
import { checkPrivileges, type PrivilegeCheck } from './posture-privileges';
import type { InspectResult, Subject } from '../subject';

/** The checks of the configuration with which the engine created a container. */
export type PostureCheck = MountCheck | NamespaceModeCheck | PrivilegeCheck | ExposureCheck;

/** Checks the configuration of a container. Works with any engine, local or remote, and runs no command. */
export async function checkPosture(
  subject: Subject,
  inspected: InspectResult,
): Promise<Evidence<PostureCheck>[]> {
  const [mounts, modes] = await Promise.all([
    checkMounts(subject, inspected),
    checkNamespaceModes(subject, inspected),
  ]);
  return [...mounts, ...modes, ...checkPrivileges(inspected), ...checkExposure(inspected)];
}
