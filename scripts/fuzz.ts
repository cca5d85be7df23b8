/**
 * `npm run fuzz -- [--minutes N] [--seed S]`: runs generated commands both ways, through a persistent shell and by
 * exec, for as long as asked (default 10 minutes). Ends with code 1 at the first command that differs.
 */
import { parseArgs } from 'node:util';
import { withContainer } from '../src/pool/start-container';
import { compareBothWays, type Tally } from '../tooling/differential/both-ways';
import { setUp } from '../tooling/machine/set-up';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  });
  const machine = await setUp();
  try {
    await fuzz(Number(values.seed), Date.now() + Number(values.minutes) * 60_000);
  } finally {
    await machine.tearDown();
  }
}

async function fuzz(firstSeed: number, end: number): Promise<void> {
  const tally: Tally = { compared: 0, declined: 0 };
  for (let seed = firstSeed; Date.now() < end; seed++) {
    // A fresh container now and then, so that the traces of one round do not hide a difference in the next.
    await withContainer((box) => compareBothWays(box, seed, Math.min(60_000, end - Date.now()), tally));
    console.log(
      `seed ${seed}: the same so far in ${tally.compared} commands; ${tally.declined} no shell could carry`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
