import { setMaxListeners } from 'node:events';
import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import type { Image } from '../image/image';
import { messageOf } from '../support/errors';
import { withRedactor, type Redactor } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import { ContainerError } from './errors';
import { watchRetention } from './retention';
import { createConnectivity } from './connectivity';
import { readLogs } from './logs';
import type { NetworkHold } from './network';
import { removeContainer } from './remove';

/** A running container of belljar's: what the engine knows of it, and how to end it. */
export interface StartedContainer extends AsyncDisposable {
  /** The full id, 64 hexadecimal digits. */
  readonly id: string;
  /** The engine's name for it, without the leading slash. */
  readonly name: string;
  /** What the container calls itself: by default the first twelve digits of its id. */
  readonly hostname: string;
  /** Its address on its first network; an empty string where it has none. `reconnect()` may give it another. */
  readonly ip: string;
  /** The user of process 1 and, by default, of every command, as the engine was told: `''` is root. */
  readonly user: string;
  /** The image it was made from. */
  readonly image: Image;
  /** The testcontainers object below it: the way out when belljar lacks something. */
  readonly testcontainer: StartedTestContainer;
  /** The engine's API client for this container. */
  readonly docker: Docker.Container;
  /** Aborted, with the reason, once the container is being removed: what still waits for it ends then. */
  readonly removal: AbortSignal;
  /**
   * The port on the engine's host that a published container port is reached at.
   *
   * @throws ContainerError `NO_SUCH_PORT` where the port was not among the option `ports`
   */
  port(containerPort: number): number;
  /** What process 1 has printed so far, standard output and error together. */
  logs(): Promise<string>;
  /** Stops process 1: SIGTERM, then SIGKILL after `timeout` milliseconds (default 0: at once). */
  stop(options?: { timeout?: number }): Promise<void>;
  /** Stops process 1 at once and starts it again; files stay, processes don't. */
  restart(): Promise<void>;
  /** Sends process 1 a signal. Default `SIGKILL`. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Cuts the container off its networks, as a pulled cable does: established connections are not closed, they just hear
   * no more. What runs in it goes on.
   *
   * @throws ContainerError `NO_NETWORK` where it is on none
   */
  disconnect(): Promise<void>;
  /**
   * Undoes `disconnect()`: the container is on the same networks, under the same names; the engine may give it another
   * address and other ports on its host, which `ip` and `port()` tell then.
   *
   * @throws ContainerError `NOT_DISCONNECTED`
   */
  reconnect(): Promise<void>;
  /** Removes the container and its anonymous volumes, running or not. Safe to call again. */
  remove(): Promise<void>;
}

/** What a container's start knows of it beside the engine. */
export interface ContainerParts {
  user: string;
  network: NetworkHold | undefined;
  redactor: Redactor;
}

/** Puts the engine's and testcontainers' views of a started container together. */
export function createStartedContainer(
  docker: Docker.Container,
  testcontainer: StartedTestContainer,
  image: Image,
  { user, network, redactor }: ContainerParts,
): StartedContainer {
  const { remove, removal } = ownRemoval(docker, network);
  const names = testcontainer.getNetworkNames();
  const connectivity = createConnectivity(
    docker,
    names.map((name) => testcontainer.getIpAddress(name))[0] ?? '',
  );
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
    removal,
    port: (containerPort) => connectivity.newPort(containerPort) ?? mappedPort(testcontainer, containerPort),
    logs: () => readLogs(docker),
    stop: async ({ timeout = 0 } = {}) => {
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
  return withRedactor(container, redactor);
}

function ownRemoval(docker: Docker.Container, network: NetworkHold | undefined) {
  const controller = new AbortController();
  // Every running command listens, and there may be any number of them.
  setMaxListeners(0, controller.signal);
  let removed: Promise<void> | undefined;
  const discard = async (): Promise<void> => {
    await removeContainer(docker);
    await network?.release();
  };
  const isToBeRetained = watchRetention(controller.signal, discard);
  const removeAll = async (): Promise<void> => {
    controller.abort(new ContainerError('CONTAINER_REMOVED', `Container ${shortId(docker.id)} was removed.`));
    if (!(await isToBeRetained())) await discard();
  };
  const remove = (): Promise<void> => (removed ??= removeAll());
  return { remove, removal: controller.signal };
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
