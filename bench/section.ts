import type { Bench } from './bench';
import { failedRow, toRow, type Measurement, type Row } from './row';
import { sweep } from './sweep';

/** Rows that are measured together. */
export interface Section<Needs = Bench> {
  title: string;
  measure(bench: Needs): Promise<Measurement[]>;
}

/** What is needed to end a section and to clean up after it. */
type Guarded = Pick<Bench, 'docker' | 'runId' | 'signal'>;

/** How long an interrupted section may take to clean up after itself, in milliseconds. */
const recoveryTimeoutMs = 10_000;

/**
 * Returns the rows of a section, or one row that says why they are missing. A container that is left is a failure too.
 *
 * @throws the signal's reason if the run is to end early
 */
export async function measureSection<Needs extends Guarded>(
  letter: string,
  { title, measure }: Section<Needs>,
  bench: Needs,
): Promise<Row[]> {
  const measuring = measure(bench);
  try {
    const measurements = await untilAborted(measuring, bench.signal);
    await expectNothingLeft(bench);
    return measurements.map(toRow);
  } catch (error) {
    bench.signal.throwIfAborted();
    await sweep(bench.docker, bench.runId);
    return [failedRow(`${letter}: ${title}`, error)];
  }
}

async function expectNothingLeft({ docker, runId }: Guarded): Promise<void> {
  const count = await sweep(docker, runId);
  if (count > 0) throw new Error(`it left ${count} containers in the engine, which have been removed`);
}

/** Once the signal is aborted, waits for the work to end by itself, but not for ever. */
async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let onAbort: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(
        () => reject(new Error(`still busy ${recoveryTimeoutMs} ms after the interruption`)),
        recoveryTimeoutMs,
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
