/**
 * `npm run soak -- [--kills N] [--minutes N]`: kills a run of Jest at random moments, so often or for so long as asked
 * (default: 200 times), and looks each time for what it has left; ends with code 1 at the first thing that stays.
 */
import { parseArgs } from 'node:util';
import { connectEngine } from '../src/engine/connection';
import { buildForFaults } from '../specs/faults/build';
import { killJest, randomMoment, type Moment } from '../specs/faults/jest-project';
import { setUp } from './set-up';

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
  const foreign = await containers();
  const times: number[] = [];
  for (let count = 1; count <= limit && Date.now() < end; count++) {
    const { lived, had, took } = await kill(randomMoment());
    if (had > 0) times.push(took);
    console.log(
      `kill ${count}: after ${Math.round(lived)} ms, with ${had} in the engine; gone ${Math.round(took)} ms later`,
    );
  }
  times.sort((one, other) => one - other);
  const middle = times[Math.floor(times.length / 2)] ?? 0;
  const rss = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(
    `nothing was left; ${times.length} had something, gone after ${Math.round(middle)} ms (median), ` +
      `${Math.round(times.at(-1) ?? 0)} ms (longest); containers before and after: ${foreign}, ${await containers()}; ` +
      `memory of this process: ${rss} MB`,
  );
}

/** How many containers the engine has, whoever's. */
async function containers(): Promise<number> {
  const { docker } = await connectEngine();
  return (await docker.listContainers({ all: true })).length;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
