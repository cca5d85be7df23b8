import { connectEngine } from './connect/connection';
import { isLocalEngine } from './local';

/** The engine and the machine it runs on. */
export interface EngineInfo {
  /** The host name of the engine's machine. */
  name: string;
  /** The engine's version: `20.10.24+dfsg1`. */
  version: string;
  /** The driver that stores the layers: `overlay2`, `overlayfs` (containerd's), `btrfs`, `vfs`, … */
  storageDriver: string;
  /** `1` or `2`; undefined if the engine does not report it. */
  cgroupVersion?: string;
  /** `cgroupfs` or `systemd`. */
  cgroupDriver: string;
  /** `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
  operatingSystem: string;
  /** The kernel's release. */
  kernel: string;
  cpus: number;
  /** The memory of the engine's machine, in bytes. */
  memoryBytes: number;
  /** The directory in which the engine keeps its data, on the engine's machine: `/var/lib/docker`. */
  rootDirectory: string;
  /** The number of containers, running or not. */
  containers: number;
  /** The number of images. */
  images: number;
  isPodman: boolean;
  /**
   * True if the engine is a process of this machine that belljar can see. The processes of its containers are then in
   * belljar's `/proc`, and belljar can read its root directory. False for an engine on another or a virtual machine,
   * even if its socket is forwarded to this one. False also if belljar itself runs in a container.
   */
  isLocal: boolean;
  /** As the engine reports them: `name=seccomp,profile=default`, `name=rootless`. */
  securityOptions: readonly string[];
  /** The engine's warnings: missing kernel features, insecure settings. */
  warnings: readonly string[];
}

/**
 * Returns facts about the engine in use. Each call asks the engine.
 *
 * Source: Docker Engine API, `GET /info` and `GET /version`.
 *
 * @throws EngineError if there is no engine
 */
export async function info(): Promise<EngineInfo> {
  const { endpoint, docker } = await connectEngine();
  const [facts, version] = await Promise.all([docker.info() as Promise<Facts>, docker.version()]);
  return {
    name: facts.Name,
    version: version.Version,
    storageDriver: facts.Driver,
    ...(facts.CgroupVersion ? { cgroupVersion: facts.CgroupVersion } : {}),
    cgroupDriver: facts.CgroupDriver,
    operatingSystem: facts.OperatingSystem,
    kernel: facts.KernelVersion,
    cpus: facts.NCPU,
    memoryBytes: facts.MemTotal,
    rootDirectory: facts.DockerRootDir,
    containers: facts.Containers,
    images: facts.Images,
    isPodman: hasPodman(version),
    isLocal: isLocalEngine(endpoint, { name: facts.Name, kernel: facts.KernelVersion }),
    securityOptions: facts.SecurityOptions ?? [],
    warnings: facts.Warnings ?? [],
  };
}

/** Formats the engine's product and version: `Docker 20.10.24`, `Podman 4.3.1`. */
export function formatProduct({ isPodman, version }: Pick<EngineInfo, 'isPodman' | 'version'>): string {
  return `${isPodman ? 'Podman' : 'Docker'} ${version}`;
}

/**
 * Formats the engine in use with its address: `Docker 20.10.24 at unix:///var/run/docker.sock`.
 *
 * @param facts about the engine. Default: belljar asks the engine
 * @throws EngineError if there is no engine
 */
export async function formatEngine(facts?: EngineInfo): Promise<string> {
  const { endpoint } = await connectEngine();
  return `${formatProduct(facts ?? (await info()))} at ${endpoint.host}`;
}

/** The fields of `GET /info` that belljar reads. */
interface Facts {
  Name: string;
  Driver: string;
  CgroupVersion?: string;
  CgroupDriver: string;
  OperatingSystem: string;
  KernelVersion: string;
  NCPU: number;
  MemTotal: number;
  DockerRootDir: string;
  Containers: number;
  Images: number;
  SecurityOptions?: string[] | null;
  Warnings?: string[] | null;
}

/**
 * Returns whether the engine in use is Podman.
 *
 * @throws EngineError if there is no engine
 */
export async function isPodman(): Promise<boolean> {
  return hasPodman(await (await connectEngine()).docker.version());
}

/** Podman answers as Docker does, but lists itself among its components. Old engines list no components. */
function hasPodman(version: { Components?: { Name: string }[] }): boolean {
  return version.Components?.some(({ Name }) => /podman/i.test(Name)) ?? false;
}
