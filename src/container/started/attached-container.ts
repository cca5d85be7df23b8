import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import { connectEngine } from '../../engine/connect/connection';
import { ImageError } from '../../image/errors';
import { createImage, type Image } from '../../image/image';
import { readFacts } from '../../image/facts';
import { InvalidOptionError, statusOf } from '../../support/errors';
import { createRedactor } from '../../support/secrets/redact';
import { shortId } from '../../support/short-id';
import { ContainerError } from '../errors';
import { PauseAwareContainer } from '../pause-aware-container';
import type { StartedContainer } from '../started-container';
import { endpointsIn, nameOf, publishedPorts } from './connectivity';
import { createStartedContainer, notPublished } from './create-started-container';

/** A container of another owner: testcontainers' object of it, or its id or name in the engine. */
export type Attachable = string | StartedTestContainer;

/**
 * Creates the object of a container that belljar does not own. Nothing in the engine changes.
 *
 * @param redact as `ContainerOptions.redact`
 * @param leave called at the end of `await using`, before everything that waits for the container is canceled
 * @throws InvalidOptionError for anything else than a container
 * @throws ContainerError `CONTAINER_NOT_FOUND`
 * @throws ImageError `IMAGE_NOT_FOUND` if the engine no longer has the container's image
 */
export async function attachContainer(
  given: Attachable,
  redact: readonly (string | RegExp)[] | undefined,
  leave: () => Promise<void>,
): Promise<StartedContainer> {
  const id = idOf(given);
  const { docker, endpoint } = await connectEngine();
  const inspected = await inspectIfThere(docker, id);
  if (inspected === undefined) throw notFound(id, endpoint.host);
  const image = await imageOf(docker, inspected);
  const redactor = createRedactor(redact);
  redactor.addSecretsFrom(environmentOf(inspected));
  const client = new PauseAwareContainer(docker.modem, inspected.Id);
  const ports = publishedPorts(inspected);
  const removal = new AbortController();
  const dispose = async (): Promise<void> => {
    if (removal.signal.aborted) return;
    await leave();
    removal.abort(detached(inspected.Id));
  };
  const facts = {
    name: inspected.Name.replace(/^\//, ''),
    hostname: inspected.Config.Hostname,
    ip: endpointsIn(inspected)[0]?.ip ?? '',
    user: inspected.Config.User,
    image,
    redactor,
    testcontainer: () => testcontainerOf(given, inspected.Id),
    port: (containerPort: Parameters<StartedContainer['port']>[0]) => {
      const port = ports.get(nameOf(containerPort));
      if (port === undefined) throw notPublished(containerPort);
      return port;
    },
  };
  return createStartedContainer(client, facts, {
    removal,
    stop: () => Promise.reject(notOwned(inspected.Id, 'stop')),
    restart: async () => {
      if (typeof given === 'string') await client.restart({ t: 0 });
      else await given.restart({ timeout: 0 });
    },
    remove: () => Promise.reject(notOwned(inspected.Id, 'remove')),
    dispose,
  });
}

function idOf(given: unknown): string {
  if (typeof given === 'string' && /^[a-zA-Z0-9][\w.-]*$/.test(given)) return given;
  const isStarted = typeof given === 'object' && given !== null && 'getId' in given;
  if (isStarted && typeof given.getId === 'function') return (given as StartedTestContainer).getId();
  throw new InvalidOptionError(
    'The container',
    "must be a started container of testcontainers, or a container's id or name",
    given,
  );
}

async function inspectIfThere(docker: Docker, id: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await docker.getContainer(id).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Returns the container's image, whatever its name has come to mean since the container started. */
async function imageOf(
  docker: Docker,
  { Id, Image: id, Config }: Docker.ContainerInspectInfo,
): Promise<Image> {
  const facts = await readFacts(docker, id);
  if (facts === undefined) {
    throw new ImageError(
      'IMAGE_NOT_FOUND',
      `The engine no longer has the image ${Config.Image} of container ${shortId(Id)}, without which belljar can't ` +
        'tell what changed. Start the container anew.',
    );
  }
  const isNamed = facts.tags.includes(Config.Image) || facts.tags.includes(`${Config.Image}:latest`);
  return createImage(docker, isNamed ? Config.Image : (facts.tags[0] ?? Config.Image), facts);
}

function environmentOf({ Config }: Docker.ContainerInspectInfo): Record<string, string> {
  return Object.fromEntries(
    Config.Env.map((variable) => {
      const [name = '', ...value] = variable.split('=');
      return [name, value.join('=')];
    }),
  );
}

function testcontainerOf(given: Attachable, id: string): StartedTestContainer {
  if (typeof given !== 'string') return given;
  throw new ContainerError(
    'NO_TESTCONTAINER',
    `Container ${shortId(id)} was attached to by its id or name, so there is no object of testcontainers. ` +
      'Give attach() that object, or use `docker`, the client of the engine.',
  );
}

function notFound(id: string, host: string): ContainerError {
  return new ContainerError(
    'CONTAINER_NOT_FOUND',
    `The engine at ${host} has no container ${id}. It was removed, or it runs in another engine: belljar uses the ` +
      'engine that DOCKER_HOST names.',
  );
}

function notOwned(id: string, verb: string): ContainerError {
  return new ContainerError(
    'NOT_OWNED',
    `belljar does not ${verb} container ${shortId(id)}: it was attached to, and belongs to whoever started it. ` +
      'Its owner ends it, such as by stop() of its testcontainers object. detach() closes only what the test has opened.',
  );
}

function detached(id: string): ContainerError {
  return new ContainerError(
    'DETACHED',
    `The test has detached from container ${shortId(id)}: call attach() again to use it.`,
  );
}
