import type { Bench } from '../bench';
import type { Measurement } from '../row';

/** (g) The cost of the hundredth and the thousandth container, compared with the tenth. */
export async function growth(bench: Bench): Promise<Measurement[]> {
  const program = bench.workspace.compile('programs/growth.ts', 'programs/growth.js');
  const counts = bench.times(1, 0) === 1 ? [10, 100, 1000] : [5, 15];
  const runs = [];
  for (const count of counts) runs.push(await oneSize(bench, program, count));
  return [...runs.flatMap(measurementsOf), ...linearity(runs)];
}

/** The output of programs/growth.ts. */
export interface Grown {
  /** Milliseconds a container, everything included. */
  perContainer: number;
  /** Live objects on the heap after the last, in megabytes, beyond what there were after the fifth. */
  heapGrowth: number;
}

interface SizeRun {
  count: number;
  belljar: Grown;
  testcontainers: Grown | undefined;
}

/** A thousand by testcontainers would take five minutes to tell what a hundred do. */
const mostByTestcontainers = 100;

async function oneSize(bench: Bench, program: string, count: number): Promise<SizeRun> {
  const run = async (contender: string): Promise<Grown> => {
    const env = {
      BELLJAR_BENCH_IMAGE: bench.image.reference,
      BELLJAR_BENCH_LABELS: JSON.stringify(bench.labels),
    };
    const printed = await bench.workspace.node(['--expose-gc', program, contender, String(count)], { env });
    return JSON.parse(printed) as Grown;
  };
  return {
    count,
    belljar: await run('belljar'),
    testcontainers: count <= mostByTestcontainers ? await run('testcontainers') : undefined,
  };
}

function measurementsOf({ count, belljar, testcontainers }: SizeRun): Measurement[] {
  return [
    {
      name: `${count} containers, one command each: time for each`,
      unit: 'ms',
      samples: {
        belljar: [belljar.perContainer],
        ...(testcontainers && { testcontainers: [testcontainers.perContainer] }),
      },
      comparison: { of: 'testcontainers/belljar' },
    },
    {
      name: `${count} containers, one command each: growth of the heap`,
      unit: 'MB',
      samples: {
        belljar: [belljar.heapGrowth],
        ...(testcontainers && { testcontainers: [testcontainers.heapGrowth] }),
      },
      comparison: { of: 'belljar', atMost: 5 },
      note: 'live objects after the last container, beyond those after the fifth; flat is near 0.',
    },
  ];
}

function linearity(runs: readonly SizeRun[]): Measurement[] {
  const [least, most] = runs.slice(-2);
  if (least === undefined || most === undefined) return [];
  return [
    {
      name: `time for each of ${most.count} containers ÷ each of ${least.count}`,
      unit: 'times',
      samples: { belljar: [most.belljar.perContainer / least.belljar.perContainer] },
      comparison: { of: 'belljar', atMost: 1.1 },
    },
  ];
}
