import { setMaxListeners } from 'node:events';
import type { StartedTestContainer } from 'testcontainers';
import type { Image } from '../image/image';
import { brand } from '../support/brand';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { messageOf } from '../support/errors';
import { milliseconds } from '../support/options/option-checks';
import { shortId } from '../support/short-id';
import { withRedactor, type Redactor } from '../support/secrets/redact';
import { createConnectivity } from './connectivity';
import { ContainerError } from './errors';
import type { NetworkHold } from './network';
import type { PauseAwareContainer } from './pause-aware-container';
import { removeContainer } from './remove';
import { allowRetention, isRetainedForGood } from './retention';
import { readLogs } from './logs';
import type { StartedContainer } from './started-container';

/** What the start of a container knows and the engine does not. */
export interface ContainerParts {
  user: string;
  network: NetworkHold | undefined;
  redactor: Redactor;
}

const stopChecks = { timeout: milliseconds } satisfies OptionChecks<
  NonNullable<Parameters<StartedContainer['stop']>[0]>
>;

/**
 * Creates the one object of a started container, from the engine's and testcontainers' objects. A box holds it.
 */
export function createStartedContainer(
  docker: PauseAwareContainer,
  testcontainer: StartedTestContainer,
  image: Image,
  { user, network, redactor }: ContainerParts,
): StartedContainer {
  const removal = new AbortController();
  // Every running command listens, and their number has no limit.
  setMaxListeners(0, removal.signal);
  const discard = async (): Promise<void> => {
    await removeContainer(docker);
    await network?.release();
  };
  const removeOnce = async (): Promise<void> => {
    removal.abort(new ContainerError('CONTAINER_REMOVED', `Container ${shortId(docker.id)} was removed.`));
    if (!(await isRetainedForGood(container))) await discard();
  };
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => (removed ??= removeOnce());
  const connectivity = createConnectivity(docker, firstAddress(testcontainer));
  const container: StartedContainer = {
    id: docker.id,
    name: testcontainer.getName().replace(/^\//, ''),
    hostname: testcontainer.getHostname(),
    get ip() {
      return connectivity.ip;
    },
    user,
    image,
    testcontainer,
    docker,
    removal: removal.signal,
    port: (containerPort) => connectivity.newPort(containerPort) ?? mappedPort(testcontainer, containerPort),
    logs: () => readLogs(docker),
    stop: async (options = {}) => {
      checkOptions(options, stopChecks);
      const { timeout = 0 } = options;
      await docker.stop({ t: Math.ceil(timeout / 1000) });
    },
    restart: async () => {
      await testcontainer.restart({ timeout: 0 });
    },
    kill: async (signal = 'SIGKILL') => {
      await docker.kill({ signal });
    },
    disconnect: () => connectivity.disconnect(),
    reconnect: () => connectivity.reconnect(),
    remove,
    [Symbol.asyncDispose]: remove,
  };
  allowRetention(container, discard);
  return withRedactor(brand(container, 'container'), redactor);
}

function firstAddress(testcontainer: StartedTestContainer): string {
  const [network] = testcontainer.getNetworkNames();
  return network === undefined ? '' : testcontainer.getIpAddress(network);
}

function mappedPort(testcontainer: StartedTestContainer, containerPort: number): number {
  try {
    return testcontainer.getMappedPort(containerPort);
  } catch (cause) {
    const advice = `Publish it when the container starts: { ports: [${containerPort}] }.`;
    throw new ContainerError(
      'NO_SUCH_PORT',
      `Port ${containerPort} of the container is not published: ${messageOf(cause)} ${advice}`,
      { cause },
    );
  }
}
