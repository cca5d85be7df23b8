import type { Bench } from '../bench';
import { withContainers } from '../containers';
import { engineRun } from '../engine';
import { clocked, interleave } from '../measure';
import { plainRun } from '../plain-testcontainers';
import type { Measurement } from '../row';

/** The number of programs that are started in a loop, to measure the cost of one. */
const loops = 100;

/** A shell that starts a program as often, each in a process of its own, as a persistent shell does. */
const loop = `i=0; while [ $i -lt ${loops} ]; do (exec true); i=$((i+1)); done`;

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
    const { durationMs } = await box.run('sh', ['-c', loop]);
    const floor = (durationMs / loops).toFixed(1);
    return [
      {
        name: 'one command',
        unit: 'ms',
        samples,
        comparison: { of: 'testcontainers/belljar', atLeast: 30 },
        note: `A shell in the container that starts the program ${loops} times takes ${floor} ms each: what fork and exec cost there, and belljar waits for.`,
      },
    ];
  });
}
