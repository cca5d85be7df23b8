import type Docker from 'dockerode';
import { connectEngine } from '../engine/connect/connection';
import { withRootLock } from '../engine/root-lock';
import type { Image } from './image';

/**
 * Creates an image of a container's files, and names the image. The image has the config of its base.
 *
 * The engine fills gaps in the given config with the container's settings. So the container must not have variables,
 * ports, volumes or a command of its own. The engine always adds the container's labels, so belljar sets those that the
 * base lacks to the empty string: otherwise the image would name an owner.
 *
 * Source: Docker Engine API, `POST /commit`; moby, daemon/commit.go, `merge`.
 *
 * @param container the container, whose processes are paused meanwhile
 * @param base the container's image
 * @param reference the new image's name
 * @param labels labels to add to those of the base
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
  const commit = {
    _query: {
      container: container.id,
      repo: reference.slice(0, colon),
      tag: reference.slice(colon + 1),
      comment: 'made by belljar',
    },
    _body: {
      ...config,
      // The engine replaces a missing list with the container's, but not an empty one.
      Entrypoint: config.Entrypoint ?? [],
      Cmd: config.Cmd ?? [],
      Labels: { ...emptied, ...config.Labels, ...labels },
    },
  };
  await withRootLock(container.id, () => container.commit(commit));
}

/** The fields of an image's config that belljar reads. The other fields are passed on unchanged. */
interface Config {
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  Labels?: Record<string, string> | null;
}

async function configOf(docker: Docker, id: string): Promise<Config> {
  const { Config } = (await docker.getImage(id).inspect()) as { Config?: Config | null };
  return Config ?? {};
}
