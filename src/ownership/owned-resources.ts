import type Docker from 'dockerode';
import { isRetainedName } from '../engine/kept';
import { ownLabel, runLabel, runOf } from './labels';
import type { Run } from './run';

/** Something in the engine that belljar made. */
export interface OwnedResource {
  kind: 'container' | 'network' | 'volume';
  id: string;
  name: string;
  /** When it was made. */
  created: Date;
  /** The run that made it. */
  run: Run;
  labels: Readonly<Record<string, string>>;
  /** Whether it is kept for somebody to look at: a container with that name, or a network that one is on. */
  retained: boolean;
}

/**
 * What belljar has in an engine, containers first. A container that has belljar's labels only because its image has
 * them
 * - an image that somebody made of one of belljar's containers, by `docker commit` - is somebody else's.
 *
 * @param runId only of this run. Default: of all
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

/** The containers that are kept, and the networks that they are on, or will be once they are started, by id or name. */
function retainedOf(containers: readonly Docker.ContainerInfo[]): ReadonlySet<string> {
  const retained = containers.filter((container) => isRetainedName(nameOf(container)));
  const networks = retained.flatMap(({ HostConfig, NetworkSettings: { Networks } }) => [
    HostConfig.NetworkMode,
    ...Object.keys(Networks),
    ...Object.values(Networks).map(({ NetworkID }) => NetworkID),
  ]);
  return new Set([...retained.map(({ Id }) => Id), ...networks]);
}

function nameOf({ Names, Id }: Docker.ContainerInfo): string {
  return Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12);
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

/** In every answer of the engine's (API 1.25 and later), and not in the types. */
function createdAt(volume: object): string {
  return (volume as { CreatedAt?: string }).CreatedAt ?? '';
}
