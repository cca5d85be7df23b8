import type Docker from 'dockerode';
import { isRetainedName, ownLabel, runLabel, runOf } from './labels';
import type { Run } from './run';
import { shortId } from '../support/short-id';

/** A resource in the engine that belljar made. */
export interface OwnedResource {
  kind: 'container' | 'network' | 'volume';
  id: string;
  name: string;
  created: Date;
  /** The run that made it. */
  run: Run;
  labels: Readonly<Record<string, string>>;
  /**
   * Whether it is kept for debugging (`BELLJAR_KEEP=failed`): a container with such a name, a network that one is on,
   * or a volume of one.
   */
  retained: boolean;
}

/**
 * Lists what belljar has in an engine, containers first. A container may have belljar's labels only because its image
 * has them, after `docker commit` of one of belljar's containers. Such a container is not belljar's.
 *
 * @param runId lists the resources of this run only. Default: of all runs
 */
export async function listOwned(docker: Docker, runId?: string): Promise<OwnedResource[]> {
  const filters = { label: [ownLabel, runId === undefined ? runLabel : `${runLabel}=${runId}`] };
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages({ filters }),
  ]);
  const inherited = new Set(images.map(({ Id, Labels }) => `${Id} ${Labels[runLabel] ?? ''}`));
  const own = containers.filter(
    ({ ImageID, Labels }) => !inherited.has(`${ImageID} ${Labels[runLabel] ?? ''}`),
  );
  const retained = retainedOf(own);
  return [
    ...own.map((container) =>
      toResources(
        'container',
        container.Id,
        nameOf(container),
        container.Created * 1000,
        retained,
        container.Labels,
      ),
    ),
    ...networks.map(({ Id, Name, Labels, Created }) =>
      toResources('network', Id, Name, Created, retained, Labels),
    ),
    ...volumes.Volumes.map((volume) =>
      toResources('volume', volume.Name, volume.Name, createdAt(volume), retained, volume.Labels),
    ),
  ].flat();
}

/**
 * Returns the retained containers, the networks that they are on or will be on once started, and their volumes, by id
 * or name.
 */
function retainedOf(containers: readonly Docker.ContainerInfo[]): ReadonlySet<string> {
  const retained = containers.filter((container) => isRetainedName(nameOf(container)));
  const networks = retained.flatMap(({ HostConfig, NetworkSettings: { Networks } }) => [
    HostConfig.NetworkMode,
    ...Object.keys(Networks),
    ...Object.values(Networks).map(({ NetworkID }) => NetworkID),
  ]);
  const volumes = retained.flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name ?? ''));
  return new Set([...retained.map(({ Id }) => Id), ...networks, ...volumes]);
}

function nameOf({ Names, Id }: Docker.ContainerInfo): string {
  return Names[0]?.replace(/^\//, '') ?? shortId(Id);
}

function toResources(
  kind: OwnedResource['kind'],
  id: string,
  name: string,
  created: string | number,
  retained: ReadonlySet<string>,
  labels: Record<string, string> = {},
): OwnedResource[] {
  const run = runOf(labels);
  return run === undefined
    ? []
    : [
        {
          kind,
          id,
          name,
          created: new Date(created),
          run,
          labels,
          retained: retained.has(id) || retained.has(name),
        },
      ];
}

/** Returns a field that every engine's answer has (API 1.25 and later), but that the types lack. */
function createdAt(volume: object): string {
  return (volume as { CreatedAt?: string }).CreatedAt ?? '';
}
