import type Docker from 'dockerode';
import { ownLabel, runLabel, runOf } from './labels';
import type { Run } from './run';

/** Something in the engine that belljar made. */
export interface OwnedThing {
  kind: 'container' | 'network' | 'volume';
  id: string;
  name: string;
  /** When it was made. */
  created: Date;
  /** The run that made it. */
  run: Run;
  labels: Readonly<Record<string, string>>;
}

/**
 * What belljar has in an engine, containers first. A container that has belljar's labels only because its image has them
 * - an image that somebody made of one of belljar's containers, by `docker commit` - is somebody else's.
 *
 * @param runId only of this run. Default: of all
 */
export async function listOwned(docker: Docker, runId?: string): Promise<OwnedThing[]> {
  const filters = { label: [ownLabel, runId === undefined ? runLabel : `${runLabel}=${runId}`] };
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages({ filters }),
  ]);
  const inherited = new Set(images.map(({ Id, Labels }) => `${Id} ${Labels[runLabel] ?? ''}`));
  return [
    ...containers
      .filter(({ ImageID, Labels }) => !inherited.has(`${ImageID} ${Labels[runLabel] ?? ''}`))
      .map(({ Id, Names, Labels, Created }) =>
        owned('container', Id, Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12), Created * 1000, Labels),
      ),
    ...networks.map(({ Id, Name, Labels, Created }) => owned('network', Id, Name, Created, Labels)),
    ...volumes.Volumes.map((volume) =>
      owned('volume', volume.Name, volume.Name, createdAt(volume), volume.Labels),
    ),
  ].flat();
}

function owned(
  kind: OwnedThing['kind'],
  id: string,
  name: string,
  created: string | number,
  labels: Record<string, string> = {},
): OwnedThing[] {
  const run = runOf(labels);
  return run === undefined ? [] : [{ kind, id, name, created: new Date(created), run, labels }];
}

/** In every answer of the engine's (API 1.25 and later), and not in the types. */
function createdAt(volume: object): string {
  return (volume as { CreatedAt?: string }).CreatedAt ?? '';
}
