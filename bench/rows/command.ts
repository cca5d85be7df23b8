import type { Bench } from '../bench';
import { withContainers } from '../containers';
import { engineRun } from '../engine';
import { clocked, interleave } from '../measure';
import { plainRun } from '../plain-testcontainers';
import type { Measurement } from '../row';

/** (b) One command that does nothing. */
export function command(bench: Bench): Promise<Measurement[]> {
  return withContainers(bench, async ({ box, plain, engine }) => {
    const samples = await interleave(
      {
        belljar: clocked(() => box.$`true`),
        testcontainers: clocked(() => plainRun(plain, ['true'])),
        engine: clocked(() => engineRun(bench.docker, engine, ['true'])),
      },
      { rounds: bench.times(100, 10), warmUp: 3, signal: bench.signal },
    );
    return [
      {
        name: 'one command',
        unit: 'ms',
        samples,
        comparison: { of: 'testcontainers/belljar', atLeast: 30 },
      },
    ];
  });
}
