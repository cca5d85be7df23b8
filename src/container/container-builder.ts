import { GenericContainer, Wait } from 'testcontainers';
import type { Image } from '../image/image';
import { healthCheckTest } from './health-check';
import type { NetworkHold } from './network';
import type { ContainerOptions } from './options';

/**
 * Keeps an idle container up: a shell that sleeps again if its sleep is killed, and reaps orphaned processes meanwhile.
 */
export const idleCommand = ['/bin/sh', '-c', 'while sleep 2147483647 || [ $? -gt 128 ]; do :; done'];

/**
 * A `GenericContainer` of testcontainers with what belljar's options need beyond it. It knows its id before it starts,
 * so that belljar can remove a container that fails to start. It sets limits for which testcontainers has no `with…`.
 */
export class ContainerBuilder extends GenericContainer {
  /** The id, from the moment the engine has made the container. */
  createdId: string | undefined;
  /** Called with the id when the engine has made the container. The container starts when the promise resolves. */
  onCreated: (id: string) => Promise<void> = () => Promise.resolve();

  /** The user of process 1, as the engine is told; empty if the image decides. */
  get user(): string {
    return this.createOpts.User ?? '';
  }

  /**
   * @param image the container's image; its id counts, because a tag may move between resolving and starting
   * @param options already checked
   * @param network belljar's own network that `options.network` names, if any
   * @param labels the labels of its owner
   */
  constructor(
    image: Image,
    options: ContainerOptions,
    network: NetworkHold | undefined,
    labels: Readonly<Record<string, string>>,
  ) {
    super(image.id);
    // testcontainers puts TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX before any name, even an id, and would pull the result.
    Object.assign(this.imageName, { string: image.id });
    this.createOpts.Image = image.id;
    this.withAutoCleanup(false)
      .withWaitStrategy(Wait.forAll([]))
      .withLabels({ ...options.labels, ...labels, 'belljar.image': image.reference });
    this.setProcess(options);
    this.setLimits(options);
    this.setHealthCheck(options);
    this.setNetwork(options, network);
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

  private setNetwork({ network, ports, hostname }: ContainerOptions, own: NetworkHold | undefined): void {
    this.withNetworkMode(own?.id ?? (network === 'none' ? 'none' : 'bridge'));
    if (own !== undefined && hostname !== undefined) {
      this.createOpts.NetworkingConfig = { EndpointsConfig: { [own.id]: { Aliases: [hostname] } } };
    }
    if (ports !== undefined && ports.length > 0) this.withExposedPorts(...ports);
  }

  private setFiles({ files = [] }: ContainerOptions): void {
    for (const { target, mode, content, source } of files) {
      if (content !== undefined) this.withCopyContentToContainer([{ target, mode, content }]);
      else this.withCopyFilesToContainer([{ target, mode, source }]);
    }
  }
}
