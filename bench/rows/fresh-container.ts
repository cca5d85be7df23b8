import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench';
import { engineRemove, engineStart } from '../engine';
import { fastest, interleave, throughput } from '../measure';
import { plainStart } from '../plain-testcontainers';
import type { Measurement, Samples } from '../row';
import { runSpecs, type SpecTimes } from '../runner';

/**
 * (a) A fresh container for each spec, started and released.
 *
 * A turn is a series of specs from the first hook to the last, with everything removed at its end, and not one spec:
 * otherwise a pool would start its containers ahead in the others' time.
 */
export async function freshContainer(bench: Bench): Promise<Measurement[]> {
  const floor = await engineFloor(bench);
  return [
    ...(await withWork(bench, 0, floor)),
    ...(await withWork(bench, 50)),
    ...(await withWork(bench, 200)),
  ];
}

interface Floor {
  samples: readonly number[];
  atOnce: string;
}

/** Create, start and force-remove by the engine's API alone, as many at once as is fastest here. */
async function engineFloor({ docker, image, labels, signal, times }: Bench): Promise<Floor> {
  const cycle = async (): Promise<void> => engineRemove(await engineStart(docker, image.reference, labels));
  const count = times(12, 4);
  const values = await interleave(
    {
      1: () => throughput(count, 1, cycle),
      2: () => throughput(count, 2, cycle),
      3: () => throughput(count, 3, cycle),
      4: () => throughput(count, 4, cycle),
    },
    { rounds: times(3, 1), warmUp: times(1, 0), signal },
  );
  const { name, samples } = fastest(values);
  return { samples, atOnce: name };
}

async function withWork(bench: Bench, milliseconds: number, floor?: Floor): Promise<Measurement[]> {
  const { belljar, plain } = await measureSpecs(bench, milliseconds);
  const title = `fresh container, ${milliseconds} ms of work`;
  const perSpec: Samples = {
    belljar: belljar.flatMap(({ hooks }) => hooks),
    testcontainers: plain.flatMap(({ hooks }) => hooks),
  };
  const wholeRun: Samples = {
    belljar: belljar.map(({ overhead }) => overhead),
    testcontainers: plain.map(({ overhead }) => overhead),
    ...(floor && { engine: floor.samples }),
  };
  return [
    {
      name: `${title}: acquire and release`,
      unit: 'ms',
      samples: perSpec,
      comparison: { of: 'testcontainers/belljar', ...(milliseconds === 200 && { atLeast: 40 }) },
      note: 'what the hooks of one spec take; removal and what is started ahead go on behind.',
    },
    {
      name: `${title}: whole run, per spec`,
      unit: 'ms',
      samples: wholeRun,
      comparison: floor ? { of: 'belljar/engine', atMost: 1.15 } : { of: 'testcontainers/belljar' },
      note:
        'everything from the first hook to the last but the work, the first start and the last removals included.' +
        (floor
          ? ` Engine: create, start and force-remove, ${floor.atOnce} at once, its best of 1 to 4.`
          : ''),
    },
  ];
}

async function measureSpecs(
  bench: Bench,
  milliseconds: number,
): Promise<{ belljar: SpecTimes[]; plain: SpecTimes[] }> {
  const times = { belljar: [] as SpecTimes[], plain: [] as SpecTimes[] };
  const count = bench.times(12, 4);
  const work = async (): Promise<void> => {
    bench.signal.throwIfAborted();
    if (milliseconds > 0) await pause(milliseconds);
  };
  for (let round = 0; round < bench.times(3, 1); round += 1) {
    times.belljar.push(await belljarSpecs(bench, count, work));
    times.plain.push(await plainSpecs(bench, count, work));
  }
  return times;
}

async function belljarSpecs(
  { belljar, image }: Bench,
  count: number,
  work: () => Promise<void>,
): Promise<SpecTimes> {
  const seen = new Set<string>();
  const times = await runSpecs(
    () => belljar.useContainer({ image: image.reference }),
    count,
    async (box) => {
      seen.add(box.id);
      await work();
    },
  );
  if (seen.size !== count)
    throw new Error(`${count} specs had ${seen.size} containers: not each a fresh one`);
  return times;
}

function plainSpecs({ image, labels }: Bench, count: number, work: () => Promise<void>): Promise<SpecTimes> {
  return runSpecs(() => usePlainContainer(image.reference, labels), count, work);
}

/** The hooks that a suite on plain testcontainers has. */
function usePlainContainer(image: string, labels: Record<string, string>): void {
  let container: Awaited<ReturnType<typeof plainStart>>;
  beforeEach(async () => {
    container = await plainStart(image, labels);
  });
  afterEach(async () => {
    await container.stop();
  });
}
