import { stockLabel } from '../box/stock';
import { removeContainer } from '../container/remove';
import type { Run } from '../engine/run';
import { connectEngine } from '../engine/connection';
import { statusOf } from '../support/errors';

/** Something in the engine that a run made and still has there. */
export interface Left {
  kind: 'container' | 'network' | 'volume';
  id: string;
  name: string;
  /** Whether it was started ahead, by a worker that has ended since: nobody's mistake. */
  isStock: boolean;
}

/**
 * What the engine has of one run.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeft(run: Run): Promise<Left[]> {
  const { docker } = await connectEngine();
  const filters = { label: [`belljar.run=${run.id}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels }): Left => {
      const name = Names[0]?.replace(/^\//, '') ?? '';
      return { kind: 'container', id: Id, name, isStock: stockLabel in Labels };
    }),
    ...networks.map(({ Id, Name }): Left => ({ kind: 'network', id: Id, name: Name, isStock: false })),
    ...volumes.map(({ Name }): Left => ({ kind: 'volume', id: Name, name: Name, isStock: false })),
  ];
}

/** Removes them: containers first, because networks and volumes can't go while they are in use. */
export async function removeLeft(left: readonly Left[]): Promise<void> {
  const { docker } = await connectEngine();
  const of = (kind: Left['kind']): Left[] => left.filter((thing) => thing.kind === kind);
  await Promise.all(of('container').map(({ id }) => removeContainer(docker.getContainer(id))));
  await Promise.all([
    ...of('network').map(({ id }) => unlessGone(docker.getNetwork(id).remove())),
    ...of('volume').map(({ id }) => unlessGone(docker.getVolume(id).remove())),
  ]);
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
