import { setMaxListeners } from 'node:events';
import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import type { Image } from '../../image/image';
import { brand } from '../../support/brand';
import { messageOf } from '../../support/errors';
import { shortId } from '../../support/short-id';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { milliseconds } from '../../support/options/option-checks';
import { withRedactor, type Redactor } from '../../support/secrets/redact';
import { createConnectivity } from './connectivity';
import { inContainer } from '../container-state';
import { ContainerError } from '../errors';
import { logChecks, readLogs } from '../logs';
import type { ContainerPort, StartedContainer } from '../started-container';

/** What is known of a container when belljar gets it. */
export interface ContainerFacts {
  readonly name: string;
  readonly hostname: string;
  readonly ip: string;
  readonly user: string;
  readonly image: Image;
  readonly redactor: Redactor;
  /** Throws if the container has no such object. */
  readonly testcontainer: () => StartedTestContainer;
  readonly port: StartedContainer['port'];
}

/** What a container's owner may do with it. */
export interface Lifetime {
  /** Aborted when belljar is done with the container. */
  readonly removal: AbortController;
  readonly stop: StartedContainer['stop'];
  readonly restart: StartedContainer['restart'];
  readonly remove: StartedContainer['remove'];
  /** At the end of `await using`. */
  readonly dispose: () => Promise<void>;
}

const stopChecks = { timeout: milliseconds } satisfies OptionChecks<
  NonNullable<Parameters<StartedContainer['stop']>[0]>
>;

/** Creates the one object of a started container. A box holds it. */
export function createStartedContainer(
  docker: Docker.Container,
  facts: ContainerFacts,
  { removal, stop, restart, remove, dispose }: Lifetime,
): StartedContainer {
  // Every running command listens, and their number has no limit.
  setMaxListeners(0, removal.signal);
  const connectivity = createConnectivity(docker, facts.ip);
  const container: StartedContainer = {
    id: docker.id,
    name: facts.name,
    hostname: facts.hostname,
    get ip() {
      return connectivity.ip;
    },
    user: facts.user,
    image: facts.image,
    get testcontainer() {
      return facts.testcontainer();
    },
    docker,
    removal: removal.signal,
    port: (containerPort) => connectivity.newPort(containerPort) ?? facts.port(containerPort),
    logs: async (options = {}) => {
      checkOptions(options, logChecks);
      return readLogs(docker, options);
    },
    stop: async (options = {}) => {
      checkOptions(options, stopChecks);
      await stop(options);
    },
    restart: async () => {
      await restart();
      await connectivity.refresh();
    },
    kill: async (signal = 'SIGKILL') => {
      await docker.kill({ signal });
    },
    pause: async () => {
      await inContainer(container, () => docker.pause());
    },
    unpause: () => unpause(container),
    disconnect: () => connectivity.disconnect(),
    reconnect: () => connectivity.reconnect(),
    remove,
    [Symbol.asyncDispose]: dispose,
  };
  return withRedactor(brand(container, 'container'), facts.redactor);
}

/** Source: moby, `containerUnpause`, which answers 500 for a container that is not paused; Podman answers the same. */
async function unpause(container: StartedContainer): Promise<void> {
  try {
    await inContainer(container, () => container.docker.unpause());
  } catch (cause) {
    if (!messageOf(cause).includes('not paused')) throw cause;
    throw new ContainerError('NOT_PAUSED', `Container ${shortId(container.id)} is not paused.`, { cause });
  }
}

/** Returns the error for a port that does not lead to this machine. */
export function notPublished(containerPort: ContainerPort, cause?: unknown): ContainerError {
  const written = typeof containerPort === 'number' ? containerPort : `'${containerPort}'`;
  return new ContainerError(
    'NO_SUCH_PORT',
    `Port ${containerPort} of the container is not published. Publish it when the container starts: ` +
      `{ ports: [${written}] }.`,
    { cause },
  );
}
