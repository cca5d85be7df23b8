import { median, percentile } from './measure';

/** What is compared: belljar, plain testcontainers, and the engine's own API with nothing between. */
export const contenders = ['belljar', 'testcontainers', 'engine'] as const;

type Contender = (typeof contenders)[number];

/** The values that were measured, one for each time; a contender without a comparable feature is left out. */
export type Samples = Partial<Record<Contender, readonly number[]>>;

/** Which two medians a row divides, and what the quotient ought to be. */
interface Comparison {
  /** `testcontainers/belljar` is how many times less belljar takes. `belljar` alone is belljar's value itself. */
  of: 'testcontainers/belljar' | 'belljar/testcontainers' | 'belljar/engine' | 'belljar';
  atLeast?: number;
  atMost?: number;
}

/** What a row measures, before its medians are taken. */
export interface Measurement {
  name: string;
  unit: 'ms' | 's' | 'MB' | 'times';
  samples: Samples;
  comparison: Comparison;
  /** Facts that a reader must know to judge the numbers. */
  note?: string;
}

/** One line of the report. */
export interface Row {
  name: string;
  unit: string;
  /** Medians; null if nothing was measured. */
  belljar: number | null;
  testcontainers: number | null;
  engine: number | null;
  /** The quotient that `ratioOf` names; null if there is no quotient. */
  ratio: number | null;
  ratioOf: Comparison['of'] | null;
  /** `at least 40`, `at most 1.15`, or null if no target is set. */
  target: string | null;
  reached: boolean | null;
  /** The 5th and 95th percentile, and how many times each was measured. */
  spread: Partial<Record<Contender, { p5: number; p95: number; count: number }>>;
  note: string | null;
  /** Why there are no numbers. */
  error: string | null;
}

export function toRow({ name, unit, samples, comparison, note }: Measurement): Row {
  const medians = {
    belljar: medianOrNull(samples.belljar),
    testcontainers: medianOrNull(samples.testcontainers),
    engine: medianOrNull(samples.engine),
  };
  const ratio = quotient(comparison.of, medians);
  return {
    name,
    unit,
    ...medians,
    ratio,
    ratioOf: ratio === null ? null : comparison.of,
    target: targetText(comparison),
    reached: isReached(ratio, comparison),
    spread: spreadOf(samples),
    note: note ?? null,
    error: null,
  };
}

/** Replaces the rows of a section that failed. It has no number, so that nothing broken can pass for fast. */
export function failedRow(name: string, error: unknown): Row {
  return {
    name,
    unit: '',
    belljar: null,
    testcontainers: null,
    engine: null,
    ratio: null,
    ratioOf: null,
    target: null,
    reached: false,
    spread: {},
    note: null,
    error: error instanceof Error ? error.message : String(error),
  };
}

function medianOrNull(samples: readonly number[] | undefined): number | null {
  return samples === undefined || samples.length === 0 ? null : median(samples);
}

function quotient(of: Comparison['of'], medians: Record<Contender, number | null>): number | null {
  const [above, below] = of.split('/') as [Contender, Contender?];
  const dividend = medians[above];
  const divisor = below === undefined ? 1 : medians[below];
  return dividend === null || divisor === null || divisor === 0 ? null : dividend / divisor;
}

function targetText({ of, atLeast, atMost }: Comparison): string | null {
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return parts.length === 0 ? null : `${of} ${parts.join(', ')}`;
}

function isReached(ratio: number | null, { atLeast, atMost }: Comparison): boolean | null {
  if (atLeast === undefined && atMost === undefined) return null;
  return ratio !== null && ratio >= (atLeast ?? -Infinity) && ratio <= (atMost ?? Infinity);
}

function spreadOf(samples: Samples): Row['spread'] {
  const spread: Row['spread'] = {};
  for (const contender of contenders) {
    const values = samples[contender];
    if (values === undefined || values.length === 0) continue;
    spread[contender] = { p5: percentile(values, 5), p95: percentile(values, 95), count: values.length };
  }
  return spread;
}
