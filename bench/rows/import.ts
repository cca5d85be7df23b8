import type { Bench } from '../bench';
import { interleave } from '../measure';
import type { Measurement } from '../row';

/** (f) The time of `require`, and the memory after it, in a new process each time. */
export async function importing(bench: Bench): Promise<Measurement[]> {
  const memory = { belljar: [] as number[], testcontainers: [] as number[], engine: [] as number[] };
  const load = (contender: keyof typeof memory, name: string) => async (): Promise<number> => {
    const loaded = await loadInNewProcess(bench, name);
    memory[contender].push(loaded.megabytes);
    return loaded.milliseconds;
  };
  const times = await interleave(
    {
      belljar: load('belljar', 'belljar'),
      testcontainers: load('testcontainers', 'testcontainers'),
      engine: load('engine', 'dockerode'),
    },
    { rounds: bench.times(15, 3), warmUp: 0, signal: bench.signal },
  );
  const comparison = { of: 'belljar/testcontainers', atMost: 1.3 } as const;
  return [
    {
      name: 'import: time',
      unit: 'ms',
      samples: times,
      comparison,
      note: "engine: its client's, dockerode.",
    },
    {
      name: 'import: memory',
      unit: 'MB',
      samples: memory,
      comparison,
      note: 'what the process holds (resident set) afterwards, Node.js itself included.',
    },
  ];
}

interface Loaded {
  milliseconds: number;
  megabytes: number;
}

async function loadInNewProcess({ workspace }: Bench, name: string): Promise<Loaded> {
  const program = `
    const start = performance.now();
    require(${JSON.stringify(name)});
    const milliseconds = performance.now() - start;
    console.log(JSON.stringify({ milliseconds, megabytes: process.memoryUsage().rss / 1e6 }));
  `;
  return JSON.parse(await workspace.node(['-e', program])) as Loaded;
}
