import { constants } from 'node:os';
import { join } from 'node:path';
import { ExecaError } from 'execa';
import { BelljarError } from '../src/support/errors';
import { withBench } from './bench';
import { describeMachine } from './machine';
import { parseOptions, usage, type BenchOptions } from './options';
import { consoleLine, writeResults } from './report';
import type { Row } from './row';
import { measureSection } from './section';
import { sections } from './sections';

const defaultResults = join(__dirname, 'RESULTS.md');

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  const interrupt = interruptible();
  const start = performance.now();
  const rows: Row[] = [];
  await withBench({ quick: options.quick, signal: interrupt }, async (bench) => {
    const machine = await describeMachine(bench.docker, bench.image);
    console.error(`${machine.engine}; ${machine.image}; load average ${machine.loadBefore}`);
    for (const letter of options.only) {
      const measured = await measureSection(letter, sections[letter], bench);
      for (const row of measured) console.log(options.json ? JSON.stringify(row) : consoleLine(row));
      rows.push(...measured);
    }
    const seconds = (performance.now() - start) / 1000;
    if (options.results !== undefined) writeResults(options.results, machine, rows, seconds);
    console.error(
      `${seconds.toFixed(0)} s${options.results === undefined ? '' : `, written to ${options.results}`}`,
    );
  });
  if (rows.some(({ error }) => error !== null)) process.exitCode = 1;
}

function readOptions(): BenchOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2), defaultResults);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** A signal that Ctrl-C aborts: the section that is under way ends, everything is removed, and the run with it. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) console.error(`${name}: removing what was started`);
      controller.abort(new Interruption(name));
    });
  }
  return controller.signal;
}

class Interruption extends Error {
  constructor(readonly signalName: 'SIGINT' | 'SIGTERM') {
    super(`Interrupted by ${signalName}.`);
  }
}

/** Errors whose message says everything, so that no stack is printed. */
function isForPeople(error: unknown): error is Error {
  return error instanceof BelljarError || error instanceof ExecaError;
}

main().catch((error: unknown) => {
  if (error instanceof Interruption) process.exit(128 + constants.signals[error.signalName]);
  console.error(isForPeople(error) ? error.message : error);
  process.exit(1);
});
