/**
 * `npm run soak -- [--kills N] [--minutes N]`: kills a run of Jest at random moments, as often or as long as asked
 * (default: 200 times), and checks each time what the run has left. Between the kills, this process uses containers of
 * its own. Ends with code 1 at the first resource that stays, or if memory, descriptors or containers have grown.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withContainer } from '../src';
import { connectEngine } from '../src/engine/connect/connection';
import { buildForFaults } from '../tooling/faults/build';
import { killJest, randomMoment, type Moment } from '../tooling/faults/jest-project';
import { setUp } from '../tooling/machine/set-up';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { kills: { type: 'string' }, minutes: { type: 'string' } } });
  const end = values.minutes === undefined ? Infinity : Date.now() + Number(values.minutes) * 60_000;
  const limit = Number(values.kills ?? (values.minutes === undefined ? 200 : Infinity));
  const machine = await setUp();
  const build = buildForFaults();
  try {
    await soak(limit, end, (moment) => killJest(build, moment, ['one', 'two', '--maxWorkers=2']));
  } finally {
    build[Symbol.dispose]();
    await machine.tearDown();
  }
}

async function soak(
  limit: number,
  end: number,
  kill: (moment: Moment) => ReturnType<typeof killJest>,
): Promise<void> {
  const times: number[] = [];
  const reapers: number[] = [];
  const samples: Sample[] = [];
  for (let count = 1; count <= limit && Date.now() < end; count++) {
    const { lived, had, took, reaped } = await kill(randomMoment());
    if (had > 0) {
      times.push(took);
      reapers.push(reaped);
    }
    await useEverything();
    const sample = await takeSample();
    samples.push(sample);
    console.log(
      `kill ${count}: after ${Math.round(lived)} ms, with ${had} in the engine; gone ${Math.round(took)} ms later, the ` +
        `reaper after ${Math.round(reaped)} ms; this process: ${megabytes(sample.memory)} MB, ${sample.descriptors} descriptors; containers: ${sample.containers}`,
    );
  }
  console.log(
    `nothing was left; ${times.length} had something, gone after ${spread(times)}; their reapers had ended after ` +
      spread(reapers),
  );
  expectFlat(samples);
}

/** The work of this process between the kills: it uses everything that a container offers. */
async function useEverything(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'belljar-soak-'));
  await withContainer(
    async (box) => {
      await box.$`mkdir /soak`;
      await box.run('cat', [], { via: 'exec', input: Buffer.alloc(1_000_000) });
      await box.files.write('/soak/file', 'soaked');
      await box.files.copyOut('/soak', join(directory, 'out'));
      await using spawned = await box.spawn('sh', ['-c', 'echo ready; cat']);
      await spawned.waitForOutput('ready');
      await using terminal = await box.terminal({ command: ['sh'] });
      await terminal.waitForPrompt();
      await box.changes();
    },
    { network: 'none' },
  );
  rmSync(directory, { recursive: true });
}

interface Sample {
  /** Bytes. */
  memory: number;
  /** Open files and connections of this process. */
  descriptors: number;
  /** All containers of the engine, whatever their owner. */
  containers: number;
}

async function takeSample(): Promise<Sample> {
  return {
    memory: process.memoryUsage.rss(),
    descriptors: readdirSync('/proc/self/fd').length,
    containers: await containers(),
  };
}

/** Compares the last quarter with the second: the first is warm-up. */
function expectFlat(samples: readonly Sample[]): void {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 3) {
    console.log('too short to tell whether memory stays flat');
    return;
  }
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  const grown = (of: keyof Sample): number =>
    median(late.map((sample) => sample[of])) - median(early.map((sample) => sample[of]));
  const text =
    `from the second quarter to the last: memory ${megabytes(grown('memory'))} MB, descriptors ${grown('descriptors')}, ` +
    `containers ${grown('containers')}`;
  if (grown('memory') > 20e6 || grown('descriptors') > 2 || grown('containers') > 0)
    throw new Error(`It grew: ${text}`);
  console.log(`flat: ${text}`);
}

function spread(times: readonly number[]): string {
  return `${Math.round(median(times))} ms (median), ${Math.round(Math.max(0, ...times))} ms (longest)`;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** Counts all containers of the engine, whatever their owner. */
async function containers(): Promise<number> {
  const { docker } = await connectEngine();
  return (await docker.listContainers({ all: true })).length;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
