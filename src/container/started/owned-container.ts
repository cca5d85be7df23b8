import type { StartedTestContainer } from 'testcontainers';
import type { Image } from '../../image/image';
import type { Redactor } from '../../support/secrets/redact';
import { shortId } from '../../support/short-id';
import { nameOf } from './connectivity';
import { createStartedContainer, notPublished } from './create-started-container';
import { ContainerError } from '../errors';
import type { PauseAwareContainer } from '../pause-aware-container';
import { removeContainer } from '../remove';
import { allowRetention, isRetainedForGood } from '../retention';
import type { ContainerPort, StartedContainer } from '../started-container';

/** What the start of a container knows and the engine does not. */
export interface ContainerParts {
  user: string;
  /** Releases what the container holds beside itself: its network and its volumes. */
  release: () => Promise<void>;
  redactor: Redactor;
}

/** Creates the object of a container that belljar has started, and that belljar removes. */
export function createOwnedContainer(
  docker: PauseAwareContainer,
  testcontainer: StartedTestContainer,
  image: Image,
  { user, release, redactor }: ContainerParts,
): StartedContainer {
  const removal = new AbortController();
  const discard = async (): Promise<void> => {
    await removeContainer(docker);
    await release();
  };
  const removeOnce = async (): Promise<void> => {
    removal.abort(new ContainerError('CONTAINER_REMOVED', `Container ${shortId(docker.id)} was removed.`));
    if (!(await isRetainedForGood(container))) await discard();
  };
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => (removed ??= removeOnce());
  const container = createStartedContainer(
    docker,
    {
      name: testcontainer.getName().replace(/^\//, ''),
      hostname: testcontainer.getHostname(),
      ip: firstAddress(testcontainer),
      user,
      image,
      redactor,
      testcontainer: () => testcontainer,
      port: (containerPort) => mappedPort(testcontainer, containerPort),
    },
    {
      removal,
      stop: async ({ timeout = 0 } = {}) => {
        await docker.stop({ t: Math.ceil(timeout / 1000) });
      },
      restart: async () => {
        await testcontainer.restart({ timeout: 0 });
      },
      remove,
      dispose: remove,
    },
  );
  allowRetention(container, discard);
  return container;
}

function firstAddress(testcontainer: StartedTestContainer): string {
  const [network] = testcontainer.getNetworkNames();
  return network === undefined ? '' : testcontainer.getIpAddress(network);
}

function mappedPort(testcontainer: StartedTestContainer, containerPort: ContainerPort): number {
  const [port = '', protocol] = nameOf(containerPort).split('/');
  try {
    return testcontainer.getMappedPort(Number(port), protocol);
  } catch (cause) {
    throw notPublished(containerPort, cause);
  }
}
