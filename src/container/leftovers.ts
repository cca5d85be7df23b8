import { connectEngine } from '../engine/connection';
import { info } from '../engine/info';
import { ownLabel, runOf } from '../engine/labels';
import { isRunAlive } from '../engine/run';

/** Something of belljar's in the engine whose run is over: a process that was killed could not remove it. */
export interface Leftover {
  kind: 'container' | 'network' | 'volume';
  id: string;
  name: string;
  /** The id of the run that made it. */
  run: string;
}

type Labelled = Omit<Leftover, 'run'> & { labels: Readonly<Record<string, string>> };

/**
 * What runs that are over have left in the engine. Only what carries belljar's labels is looked at, and only where the
 * engine is on this machine: of an engine that other machines use too, nobody here can tell which runs are alive.
 *
 * @throws EngineError where there is no engine
 */
export async function findLeftovers(): Promise<Leftover[]> {
  const { isLocal } = await info();
  return isLocal ? leftoversAmong(await labelledThings()) : [];
}

function leftoversAmong(things: readonly Labelled[]): Leftover[] {
  return things.flatMap(({ labels, ...thing }) => {
    const run = runOf(labels);
    return run === undefined || isRunAlive(run) ? [] : [{ ...thing, run: run.id }];
  });
}

async function labelledThings(): Promise<Labelled[]> {
  const { docker } = await connectEngine();
  const filters = { label: [ownLabel] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels }): Labelled => {
      return {
        kind: 'container',
        id: Id,
        name: Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
        labels: Labels,
      };
    }),
    ...networks.map(({ Id, Name, Labels }): Labelled => {
      return { kind: 'network', id: Id, name: Name, labels: Labels ?? {} };
    }),
    ...volumes.Volumes.map(({ Name, Labels }): Labelled => {
      return { kind: 'volume', id: Name, name: Name, labels: Labels };
    }),
  ];
}
