import { once } from 'node:events';
import { execa } from 'execa';
import { reapersOf } from '../../tooling/faults/owners';
import { poll } from '../../src/support/poll';
import type { Bench } from '../bench';
import { engineRemove, engineStart } from '../engine';
import { clocked, fastest, interleave, throughput } from '../measure';
import type { Measurement } from '../row';

/** (l) Many containers are removed at once: by their own program, and by the reaper of a program that died. */
export async function removal(bench: Bench): Promise<Measurement[]> {
  return [await teardown(bench), await reaper(bench)];
}

async function teardown(bench: Bench): Promise<Measurement> {
  const { image, signal, times } = bench;
  const count = times(50, 4);
  const values = await interleave(
    {
      belljar: async () => {
        const boxes = await manyOf(count, () =>
          bench.belljar.startContainer({ image: image.reference, network: 'none' }),
        );
        return clocked(() => Promise.all(boxes.map((box) => box.remove())))();
      },
      2: () => engineTeardown(bench, count, 2),
      8: () => engineTeardown(bench, count, 8),
      50: () => engineTeardown(bench, count, 50),
    },
    { rounds: times(3, 1), warmUp: 0, signal },
  );
  const { belljar, ...engine } = values;
  const { name, samples } = fastest(engine);
  return {
    name: `${count} containers removed at once`,
    unit: 'ms',
    samples: { belljar, engine: samples },
    comparison: { of: 'belljar/engine', atMost: 1.5 },
    note: `idle containers without a network. Engine: force-remove, ${name} at once, its best of 2, 8 and 50.`,
  };
}

async function engineTeardown(
  { docker, image, labels }: Bench,
  count: number,
  atOnce: number,
): Promise<number> {
  const containers = await manyOf(count, () =>
    engineStart(docker, image.reference, labels, { NetworkMode: 'none' }),
  );
  const next = containers.values();
  return count * (await throughput(count, atOnce, () => engineRemove(valueOf(next))));
}

/** Starts many resources, a few at once. */
async function manyOf<Resource>(count: number, start: () => Promise<Resource>): Promise<Resource[]> {
  const resources: Resource[] = [];
  await throughput(count, 3, async () => void resources.push(await start()));
  return resources;
}

function valueOf<Value>(values: Iterator<Value, undefined>): Value {
  const { value } = values.next();
  if (value === undefined) throw new Error('There are no more.');
  return value;
}

/** The output of programs/dying.ts. */
export interface Dying {
  containers: string[];
  runId: string;
}

async function reaper(bench: Bench): Promise<Measurement> {
  const program = bench.workspace.compile('programs/dying.ts', 'programs/dying.js');
  const count = bench.times(10, 2);
  const { belljar } = await interleave(
    { belljar: () => timeOfReaper(bench, program, count) },
    { rounds: bench.times(5, 1), warmUp: 0, signal: bench.signal },
  );
  return {
    name: `${count} containers of a program that was killed: until its reaper has removed them and ended`,
    unit: 'ms',
    samples: { belljar },
    comparison: { of: 'belljar', atMost: 3000 },
  };
}

async function timeOfReaper(
  { workspace, image, docker, signal }: Bench,
  program: string,
  count: number,
): Promise<number> {
  const child = execa(process.execPath, [program, String(count)], {
    cwd: workspace.directory,
    env: { BELLJAR_BENCH_IMAGE: image.reference, BELLJAR_RUN: undefined },
    cancelSignal: signal,
    reject: false,
  });
  // Not by iterating over its lines, because execa would then wait for the end of the program.
  const [printed] = (await Promise.race([once(child.stdout, 'data'), failed(child)])) as [Buffer];
  const { containers, runId } = JSON.parse(String(printed)) as Dying;
  child.kill('SIGKILL');
  await child;
  const time = await clocked(() =>
    poll(() => reapersOf(runId).length === 0, { for: 'the reaper to end', timeout: 60_000, interval: 10 }),
  )();
  const left = await docker.listContainers({ all: true, filters: { id: containers } });
  if (left.length > 0) throw new Error(`The reaper has left ${left.map(({ Id }) => Id).join(', ')}.`);
  return time;
}

async function failed(program: PromiseLike<{ stderr: unknown }>): Promise<never> {
  const { stderr } = await program;
  throw new Error(`The program ended before it had started its containers:\n${String(stderr)}`);
}
