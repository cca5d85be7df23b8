import type Docker from 'dockerode';
import type { Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';
import { openDocker } from '../engine/docker-client';
import { statusOf } from '../support/errors';

/** A container of belljar whose isolation is checked: as much of it as the checks need. */
export type Subject = Pick<StartedContainer, 'id' | 'name' | 'docker'> & Pick<Commands, 'run'>;

/**
 * The engine's answer about a container. The fields that are typed here are wrong or missing in `@types/dockerode`:
 * engines answer with null if nothing was asked for.
 */
export interface InspectResult extends Omit<Docker.ContainerInspectInfo, 'HostConfig'> {
  HostConfig: Omit<Docker.HostConfig, keyof HostSettings> & HostSettings;
}

interface HostSettings {
  CapAdd?: string[] | null;
  CgroupnsMode?: string;
  DeviceCgroupRules?: string[] | null;
  DeviceRequests?:
    { Driver?: string; Count?: number; DeviceIDs?: string[] | null; Capabilities?: string[][] }[] | null;
  Devices?: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[] | null;
  Dns?: string[] | null;
  ExtraHosts?: string[] | null;
  Links?: string[] | null;
  MaskedPaths?: string[] | null;
  ReadonlyPaths?: string[] | null;
  SecurityOpt?: string[] | null;
  Sysctls?: Record<string, string> | null;
  VolumesFrom?: string[] | null;
}

/** A mount as the engine lists it. */
export type InspectedMount = Docker.ContainerInspectInfo['Mounts'][number];

/** Asks the engine about a container. */
export async function inspect({ docker }: Pick<Subject, 'docker'>): Promise<InspectResult> {
  return await docker.inspect();
}

/** Inspects another container by its id or name. Returns undefined if the container is gone. */
export async function inspectOther(subject: Subject, idOrName: string): Promise<InspectResult | undefined> {
  try {
    return await inspect({ docker: engineOf(subject).getContainer(idOrName) });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Returns a client of the engine that the container runs in, which need not be this process's engine. */
export function engineOf({ docker }: Pick<Subject, 'docker'>): Docker {
  // dockerode takes a ready-made connection by this name (docker.js, "opts.modem"); its types leave that out.
  return openDocker({ modem: docker.modem as unknown } as Docker.DockerOptions);
}

/** Returns the path of the engine's socket, or undefined for an engine that is reached over the network. */
export function engineSocketOf({ docker }: Pick<Subject, 'docker'>): string | undefined {
  const { socketPath } = docker.modem as { socketPath?: unknown };
  return typeof socketPath === 'string' ? socketPath : undefined;
}

/** Returns the address of the engine that a container runs in: two containers of one engine have the same. */
export function engineAddressOf({ docker }: Pick<Subject, 'docker'>): string {
  const { socketPath, host, port } = docker.modem as Partial<Record<'socketPath' | 'host' | 'port', unknown>>;
  return typeof socketPath === 'string' ? socketPath : `${String(host)}:${String(port)}`;
}
