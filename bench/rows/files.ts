import type { Bench } from '../bench';
import { withContainers, type Containers } from '../containers';
import { clocked, fastest, interleave, type InterleaveOptions } from '../measure';
import { plainRun } from '../plain-testcontainers';
import type { Measurement } from '../row';
import { archiveOf, firstFileOf } from '../tar';

const path = '/tmp/file';
const content = 'a line of thirty-one characters\n'.repeat(32);

/** (c) A file of 1 kB, written and read. testcontainers uses the faster of its two methods. */
export function files(bench: Bench): Promise<Measurement[]> {
  const options = { rounds: bench.times(40, 5), warmUp: 3, signal: bench.signal };
  return withContainers(bench, async (containers) => [
    await writing(containers, options),
    await reading(containers, options),
  ]);
}

async function writing({ box, plain, engine }: Containers, options: InterleaveOptions): Promise<Measurement> {
  const script = 'printf %s "$1" >"$2"';
  const values = await interleave(
    {
      belljar: clocked(() => box.files.write(path, content)),
      copyContentToContainer: clocked(() => plain.copyContentToContainer([{ content, target: path }])),
      'exec of sh': clocked(() => plainRun(plain, ['sh', '-c', script, 'sh', content, path])),
      engine: clocked(async () => engine.putArchive(await archiveOf(path, content), { path: '/' })),
    },
    options,
  );
  const { belljar, engine: floor, ...ways } = values;
  return measurement('file of 1 kB: write', belljar, floor, ways, 'one PUT of an archive');
}

async function reading({ box, plain, engine }: Containers, options: InterleaveOptions): Promise<Measurement> {
  const values = await interleave(
    {
      belljar: clocked(() => expectContent(box.files.read(path))),
      copyArchiveFromContainer: clocked(() =>
        expectContent(plain.copyArchiveFromContainer(path).then(firstFileOf)),
      ),
      'exec of cat': clocked(() => expectContent(plainRun(plain, ['cat', path]))),
      engine: clocked(() => expectContent(engine.getArchive({ path }).then(firstFileOf))),
    },
    options,
  );
  const { belljar, engine: floor, ...ways } = values;
  return measurement('file of 1 kB: read', belljar, floor, ways, 'one GET of an archive');
}

async function expectContent(reading: Promise<string>): Promise<void> {
  const found = await reading;
  if (found !== content)
    throw new Error(`${path} holds ${found.length} characters that were not written there`);
}

function measurement(
  name: string,
  belljar: readonly number[],
  engine: readonly number[],
  ways: Record<string, readonly number[]>,
  floor: string,
): Measurement {
  const best = fastest(ways);
  const others = Object.keys(ways).filter((way) => way !== best.name);
  return {
    name,
    unit: 'ms',
    samples: { belljar, testcontainers: best.samples, engine },
    comparison: { of: 'testcontainers/belljar', atLeast: 15 },
    note: `testcontainers by ${best.name}, which was faster than ${others.join(', ')}. Engine: ${floor}.`,
  };
}
