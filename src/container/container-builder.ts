import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import type { Image } from '../image/image';
import { healthCheckTest } from './health-check';
import type { NetworkHold } from './network';
import type { ContainerOptions } from './options';
import { engineMounts } from './options/mounts';
import { openedLabel, openings } from './options/openings';
import type { VolumeHold } from './shared/volume';
import { enginePrivileges, engineUlimits } from './options/privileges';

/**
 * Keeps an idle container up: a shell that sleeps again if its sleep is killed, and reaps orphaned processes meanwhile.
 */
export const idleCommand = ['/bin/sh', '-c', 'while sleep 2147483647 || [ $? -gt 128 ]; do :; done'];

const startLabel = 'belljar.start';

/**
 * A `GenericContainer` of testcontainers with what belljar's options need beyond it. It knows its id before it starts,
 * so that belljar can remove a container that fails to start. It sets limits for which testcontainers has no `with…`.
 */
export class ContainerBuilder extends GenericContainer {
  /** The id, from the moment the engine has made the container and copied files into it. */
  createdId: string | undefined;
  /** Called with the id when the engine has made the container. The container starts when the promise resolves. */
  onCreated: (id: string) => Promise<void> = () => Promise.resolve();

  /** A label that no other container has: a container into which files could not be copied is found by it. */
  readonly ownLabel = `${startLabel}=${randomBytes(8).toString('hex')}`;

  /** The user of process 1, as the engine is told; empty if the image decides. */
  get user(): string {
    return this.createOpts.User ?? '';
  }

  /**
   * @param image the container's image; its id counts, because a tag may move between resolving and starting
   * @param options already checked
   * @param held belljar's own network and volumes that the options name, if any
   * @param labels the labels of its owner
   */
  constructor(
    image: Image,
    options: ContainerOptions,
    { network, volumes }: { network: NetworkHold | undefined; volumes: Pick<VolumeHold, 'names'> },
    labels: Readonly<Record<string, string>>,
  ) {
    super(image.id);
    // testcontainers puts TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX before any name, even an id, and would pull the result.
    Object.assign(this.imageName, { string: image.id });
    this.createOpts.Image = image.id;
    this.withAutoCleanup(false)
      .withWaitStrategy(Wait.forAll([]))
      .withLabels({ ...options.labels, ...labels, 'belljar.image': image.reference, ...openedBy(options) })
      .withLabels(Object.fromEntries([this.ownLabel.split('=')]) as Record<string, string>);
    this.setProcess(options);
    this.setLimits(options);
    this.setHealthCheck(options);
    this.setNetwork(options, network);
    this.setMounts(options, volumes.names);
    this.setPrivileges(options);
    this.setFiles(options);
  }

  /** Makes process 1 read a standard input: that of the one connection which attaches to it. */
  openInput(): void {
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true, AttachStdin: true });
  }

  protected override containerCreated = (id: string): Promise<void> => {
    this.createdId = id;
    return this.onCreated(id);
  };

  private setProcess(options: ContainerOptions): void {
    const { command = idleCommand, entrypoint, env, user, workdir, hostname, platform } = options;
    if (command !== 'image') this.withCommand([...command]);
    if (entrypoint !== undefined || command !== 'image') this.createOpts.Entrypoint = [...(entrypoint ?? [])];
    if (env !== undefined) this.withEnvironment({ ...env });
    if (user !== undefined) this.withUser(user);
    if (workdir !== undefined) this.withWorkingDir(workdir);
    if (hostname !== undefined) this.withHostname(hostname);
    if (platform !== undefined) this.withPlatform(platform);
  }

  private setLimits({ memory = Infinity, cpus, pids = Infinity, noNewPrivileges }: ContainerOptions): void {
    if (memory !== Infinity) Object.assign(this.hostConfig, { Memory: memory, MemorySwap: memory });
    if (cpus !== undefined) this.hostConfig.NanoCpus = Math.round(cpus * 1e9);
    if (pids !== Infinity) this.hostConfig.PidsLimit = pids;
    if (noNewPrivileges === true) this.hostConfig.SecurityOpt = ['no-new-privileges'];
  }

  private setHealthCheck({ healthCheck }: ContainerOptions): void {
    if (healthCheck === undefined) return;
    const { interval, timeout, retries, startPeriod } = healthCheck;
    this.withHealthCheck({ test: healthCheckTest(healthCheck), interval, timeout, retries, startPeriod });
  }

  private setNetwork(options: ContainerOptions, own: NetworkHold | undefined): void {
    const { network, ports = [], hostname, aliases = [], extraHosts, dns } = options;
    this.withNetworkMode(own?.id ?? (network === 'none' ? 'none' : 'bridge'));
    const names = [...(hostname === undefined ? [] : [hostname]), ...aliases];
    if (own !== undefined && names.length > 0) {
      this.createOpts.NetworkingConfig = { EndpointsConfig: { [own.id]: { Aliases: names } } };
    }
    if (ports.length > 0) this.withExposedPorts(...ports);
    if (extraHosts !== undefined)
      this.withExtraHosts(Object.entries(extraHosts).map(([host, ipAddress]) => ({ host, ipAddress })));
    if (dns !== undefined) this.hostConfig.Dns = [...dns];
  }

  private setMounts(options: ContainerOptions, volumeNames: ReadonlyMap<string, string>): void {
    const { tmpfs, readOnly } = options;
    const mounts = engineMounts(options, volumeNames);
    if (tmpfs !== undefined) this.withTmpFs({ ...tmpfs });
    if (readOnly !== undefined) this.hostConfig.ReadonlyRootfs = readOnly;
    if (mounts.length > 0) this.hostConfig.Mounts = mounts;
  }

  private setPrivileges(options: ContainerOptions): void {
    const { privileged, capAdd = [], capDrop = [], ulimits, shmSize } = options;
    if (privileged === true) this.withPrivilegedMode();
    if (capAdd.length > 0) this.withAddedCapabilities(...capAdd);
    if (capDrop.length > 0) this.withDroppedCapabilities(...capDrop);
    if (ulimits !== undefined) this.withUlimits(engineUlimits(ulimits));
    if (shmSize !== undefined) this.withSharedMemorySize(shmSize);
    Object.assign(this.hostConfig, enginePrivileges(options));
  }

  private setFiles({ files = [] }: ContainerOptions): void {
    for (const { target, mode, content, source } of files) {
      if (content !== undefined) this.withCopyContentToContainer([{ target, mode, content }]);
      else this.withCopyFilesToContainer([{ target, mode, source }]);
    }
  }
}

function openedBy(options: ContainerOptions): Record<string, string> {
  const names = openings(options);
  return names.length === 0 ? {} : { [openedLabel]: names.join(' ') };
}
