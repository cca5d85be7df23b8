import type { Bench } from '../bench';
import { withContainers, type Containers } from '../containers';
import { engineRun } from '../engine';
import { clocked, interleave } from '../measure';
import { plainRun } from '../plain-testcontainers';
import type { Measurement } from '../row';

/** (e) A command that prints much, given as a string by belljar and testcontainers, as bytes by the engine. */
export function output(bench: Bench): Promise<Measurement[]> {
  return withContainers(bench, async (containers) => [
    await ofSize(bench, containers, { title: '1 MB of output', bytes: 1e6, rounds: bench.times(20, 2) }),
    await ofSize(bench, containers, { title: '100 MB of output', bytes: 1e8, rounds: bench.times(5, 1) }),
  ]);
}

interface Size {
  title: string;
  bytes: number;
  rounds: number;
}

async function ofSize(
  bench: Bench,
  { box, plain, engine }: Containers,
  { title, bytes, rounds }: Size,
): Promise<Measurement> {
  const script = `yes 0123456789 | head -c ${bytes}`;
  const whole = async (printed: Promise<{ length: number }>): Promise<void> => {
    const { length } = await printed;
    if (length !== bytes) throw new Error(`${length} bytes of output arrived instead of ${bytes}`);
  };
  const shell = ['sh', '-c', script];
  const viaBelljar = async (): Promise<string> => {
    const options = { maxBuffer: 2 * bytes, stripFinalNewline: false };
    return (await box.run('sh', ['-c', script], options)).stdout;
  };
  const samples = await interleave(
    {
      belljar: clocked(() => whole(viaBelljar())),
      testcontainers: clocked(() => whole(plainRun(plain, shell))),
      engine: clocked(() => whole(engineRun(bench.docker, engine, shell))),
    },
    { rounds, signal: bench.signal },
  );
  return { name: title, unit: 'ms', samples, comparison: { of: 'testcontainers/belljar', atLeast: 1 } };
}
