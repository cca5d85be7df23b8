import type { Evidence } from '../evidence';
import { checkExposure, type ExposureCheck } from './posture-exposure';
import { checkMounts, type MountCheck } from './posture-mounts';
import { checkNamespaceModes, type NamespaceModeCheck } from './posture-namespaces';
import { checkPrivileges, type PrivilegeCheck } from './posture-privileges';
import type { InspectResult, Subject } from '../subject';

/** What an engine was told when it created a container. */
export type PostureCheck = MountCheck | NamespaceModeCheck | PrivilegeCheck | ExposureCheck;

/** How the engine was told to seal a container off: works with any engine, near or far, and runs nothing. */
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
