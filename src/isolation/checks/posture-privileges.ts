import { beyondDefault } from '../../container/options/capabilities';
import { openIfAny, type Evidence, type Finding } from '../evidence';
import type { InspectResult } from '../subject';

/** The checks of which rights the engine was told to give a container. */
export type PrivilegeCheck =
  'privileged' | 'added capabilities' | 'devices' | 'seccomp profile' | 'security labels';

/** Checks what a container may do beyond the engine's defaults, by the engine's account. */
export function checkPrivileges({
  HostConfig: config,
  AppArmorProfile,
}: InspectResult): Evidence<PrivilegeCheck>[] {
  const options = (config.SecurityOpt ?? []).map((option) => option.replace(/^([a-z-]+):/, '$1='));
  return [
    {
      check: 'privileged',
      status: config.Privileged === true ? 'open' : 'sealed',
      expected: 'not privileged',
      found:
        config.Privileged === true
          ? 'privileged: all capabilities, all devices, nothing hidden'
          : 'not privileged',
      how: 'the engine: HostConfig.Privileged, which the option privileged sets',
    },
    {
      check: 'added capabilities',
      expected: "none beyond the engine's default",
      how: 'the engine: HostConfig.CapAdd, which the option capAdd sets',
      ...openIfAny(beyondDefault(config.CapAdd ?? [])),
    },
    {
      check: 'devices',
      expected: 'no device of the host and no rule that allows one',
      how: 'the engine: HostConfig.Devices, which the option devices sets, DeviceCgroupRules, DeviceRequests',
      ...openIfAny(formatDevices(config)),
    },
    {
      check: 'seccomp profile',
      expected: "the engine's own filter of system calls",
      how: 'the engine: HostConfig.SecurityOpt',
      ...judgeSeccomp(options),
    },
    {
      check: 'security labels',
      expected: 'AppArmor and SELinux as the engine sets them',
      how: 'the engine: HostConfig.SecurityOpt, AppArmorProfile',
      ...openIfAny(formatLooseLabels(options, AppArmorProfile), 'as the engine sets them'),
    },
  ];
}

function formatDevices({
  Devices,
  DeviceCgroupRules,
  DeviceRequests,
}: InspectResult['HostConfig']): string[] {
  return [
    ...(Devices ?? []).map(
      ({ PathOnHost, PathInContainer, CgroupPermissions }) =>
        // Podman does not tell the permissions.
        `${PathOnHost} at ${PathInContainer}` + (CgroupPermissions === '' ? '' : ` (${CgroupPermissions})`),
    ),
    ...(DeviceCgroupRules ?? []).map((rule) => `rule ${rule}`),
    ...(DeviceRequests ?? []).map((request) => `request ${JSON.stringify(request)}`),
  ];
}

/** A custom profile may let anything through. belljar can't judge the profile, and says so. */
function judgeSeccomp(options: string[]): Finding {
  const profile = options.find((option) => option.startsWith('seccomp='))?.slice('seccomp='.length);
  if (profile === undefined || profile === 'builtin') return { status: 'sealed', found: "the engine's own" };
  if (profile === 'unconfined') return { status: 'open', found: 'unconfined' };
  return {
    status: 'open',
    found: `a custom profile, which belljar can't judge: ${profile.slice(0, 60)}`,
  };
}

function formatLooseLabels(options: string[], appArmorProfile: string): string[] {
  const loose = options.filter((option) => /^(apparmor=unconfined|label=disable)$/.test(option));
  return appArmorProfile === 'unconfined' ? [...new Set([...loose, 'apparmor=unconfined'])] : loose;
}
