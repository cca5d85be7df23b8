/** Does the work once and returns what was measured: one value or several. */
export type Measured = () => Promise<number | readonly number[]>;

export interface InterleaveOptions {
  /** The number of turns of each contender. */
  rounds: number;
  /** Rounds before these, whose values are dropped. Default 1. */
  warmUp?: number;
  /** Ends the measuring between two turns. */
  signal: AbortSignal;
}

/**
 * Lets contenders take turns, A B C A B C…, so that other load of the machine affects all of them.
 *
 * @returns each contender's values
 * @throws the error of a turn, at once: a broken contender has no speed
 */
export async function interleave<Name extends string>(
  turns: Record<Name, Measured>,
  { rounds, warmUp = 1, signal }: InterleaveOptions,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(turns) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const name of names) {
      signal.throwIfAborted();
      const measured = await turns[name]();
      if (round >= warmUp) values[name].push(...[measured].flat());
    }
  }
  return values;
}

/** Measures how long the work takes, in milliseconds. */
export function clocked(work: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
}

/** Repeats the work, several at once. Returns the time for each, in milliseconds. */
export async function throughput(
  count: number,
  atOnce: number,
  work: () => Promise<unknown>,
): Promise<number> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  const total = await clocked(() => Promise.all(Array.from({ length: atOnce }, worker)))();
  return total / count;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear between the two nearest values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('There is no percentile of no values.');
  return below + (above - below) * (place - Math.floor(place));
}

/** The contender with the least median, of those that do the same thing in different ways. */
export function fastest(values: Readonly<Record<string, readonly number[]>>): {
  name: string;
  samples: readonly number[];
} {
  const entries = Object.entries(values).sort(([, a], [, b]) => median(a) - median(b));
  const [first] = entries;
  if (first === undefined) throw new Error('There is no fastest of none.');
  return { name: first[0], samples: first[1] };
}
