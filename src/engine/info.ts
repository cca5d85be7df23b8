import { connectEngine } from './connect/connection';
import { isLocalEngine } from './local';

/** The engine and the machine it runs on. */
export interface EngineInfo {
  /** The host name of the engine's machine. */
  name: string;
  /** The engine's version: `20.10.24+dfsg1`. */
  version: string;
  /** What keeps the layers: `overlay2`, `overlayfs` (containerd's), `btrfs`, `vfs`, … */
  storageDriver: string;
  /** `1` or `2`; undefined where the engine doesn't say. */
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
  /** Where the engine keeps its data, on its own machine: `/var/lib/docker`. */
  rootDirectory: string;
  /** How many containers it has, running or not. */
  containers: number;
  /** How many images it has. */
  images: number;
  isPodman: boolean;
  /**
   * Whether the engine is a process of this machine that we see, so that its containers' processes are in our `/proc`
   * and its root directory is one of ours. False for engines on another machine or in a virtual one, also where their
   * socket is forwarded to this one, and where belljar itself runs in a container.
   */
  isLocal: boolean;
  /** As the engine has them: `name=seccomp,profile=default`, `name=rootless`. */
  securityOptions: readonly string[];
  /** What the engine warns of: missing kernel features, insecure settings. */
  warnings: readonly string[];
}

/**
 * Facts about the engine in use, read anew.
 *
 * Source: Docker Engine API, `GET /info` and `GET /version`.
 *
 * @throws EngineError where there is no engine
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

/** Formats what the engine is: `Docker 20.10.24`, `Podman 4.3.1`. */
export function formatProduct({ isPodman, version }: Pick<EngineInfo, 'isPodman' | 'version'>): string {
  return `${isPodman ? 'Podman' : 'Docker'} ${version}`;
}

/**
 * Formats what the engine in use is and where: `Docker 20.10.24 at unix:///var/run/docker.sock`.
 *
 * @param facts what the engine says of itself. Default: it is asked
 * @throws EngineError where there is no engine
 */
export async function formatEngine(facts?: EngineInfo): Promise<string> {
  const { endpoint } = await connectEngine();
  return `${formatProduct(facts ?? (await info()))} at ${endpoint.host}`;
}

/** What is read of `GET /info`. */
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

/** Podman answers as Docker does, and says who it is among its components. Old engines have none. */
function hasPodman(version: { Components?: { Name: string }[] }): boolean {
  return version.Components?.some(({ Name }) => /podman/i.test(Name)) ?? false;
}
