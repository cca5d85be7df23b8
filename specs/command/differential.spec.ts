import { useContainer } from '../../src';
import { compareBothWays, type Tally } from '../../tooling/differential/both-ways';

/** `BELLJAR_FUZZ_SEED=…` runs the commands of an earlier run again. */
const seed = Number(process.env.BELLJAR_FUZZ_SEED ?? Date.now() % 2 ** 31);

describe('Generated commands', () => {
  const box = useContainer({ scope: 'file' });

  it(`do the same through a persistent shell as by exec (seed ${seed})`, async () => {
    const tally: Tally = { compared: 0, declined: 0 };

    await compareBothWays(box, seed, 15_000, tally);

    expect(tally.compared).toBeGreaterThan(0);
    expect(tally.declined).toBeLessThan(tally.compared);
  });
});
