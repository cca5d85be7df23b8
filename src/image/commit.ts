import type Docker from 'dockerode';
import { connectEngine } from '../engine/connect/connection';
import type { Image } from './image';

/**
 * Makes an image of what a container holds now, and gives it a name. Its config is its base's, whatever the container
 * was started with: the engine puts the container's own settings only where the config that it is given has none, which
 * is why the container must have neither variables, ports, volumes nor a command of its own. Labels it always adds;
 * those of the container alone are emptied, so that no owner is named.
 *
 * Source: Docker Engine API, `POST /commit`; moby, daemon/commit.go, `merge`.
 *
 * @param container its processes are paused meanwhile
 * @param base the image that it was made from
 * @param reference the new image's name
 * @param labels added to the base's
 */
export async function commitContainer(
  container: Docker.Container,
  base: Image,
  reference: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const { docker } = await connectEngine();
  const [config, { Config }] = await Promise.all([configOf(docker, base.id), container.inspect()]);
  const emptied = Object.fromEntries(Object.keys(Config.Labels).map((name) => [name, '']));
  const colon = reference.lastIndexOf(':');
  await container.commit({
    _query: {
      container: container.id,
      repo: reference.slice(0, colon),
      tag: reference.slice(colon + 1),
      comment: 'made by belljar',
    },
    _body: {
      ...config,
      // A list that is missing would be filled with the container's; an empty one is not.
      Entrypoint: config.Entrypoint ?? [],
      Cmd: config.Cmd ?? [],
      Labels: { ...emptied, ...config.Labels, ...labels },
    },
  });
}

/** What is read of an image's config; the rest is passed on as it is. */
interface Config {
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  Labels?: Record<string, string> | null;
}

async function configOf(docker: Docker, id: string): Promise<Config> {
  const { Config } = (await docker.getImage(id).inspect()) as { Config?: Config | null };
  return Config ?? {};
}
