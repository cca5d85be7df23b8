import { useContainer, type Box } from 'belljar';
import type { StartedTestContainer } from 'testcontainers';
import { plainRun, plainStart } from '../plain-testcontainers';
import type { Grown } from '../rows/growth';
import { runSpecs, type SpecTimes } from '../runner';

/**
 * Starts a number of containers one after another in a process of their own: `node --expose-gc growth.js belljar 100`.
 */
const [contender, countText] = process.argv.slice(2);
const count = Number(countText);
const { BELLJAR_BENCH_IMAGE: image = '', BELLJAR_BENCH_LABELS: labels = '{}' } = process.env;

/** Pools and connections are there from then on: what grows after it grows with the containers. */
const settled = 4;

async function main(): Promise<void> {
  let heapSettled = 0;
  const watch: Watch = (_, index) => {
    if (index === settled) heapSettled = heapInMegabytes();
    return Promise.resolve();
  };
  const { overhead } = await (contender === 'belljar' ? belljarSpecs(watch) : plainSpecs(watch));
  const grown: Grown = { perContainer: overhead, heapGrowth: heapInMegabytes() - heapSettled };
  console.log(JSON.stringify(grown));
}

type Watch = (box: unknown, index: number) => Promise<void>;

/** The command is in a hook, so that it counts as the runner's time and not as the spec's own. */
function belljarSpecs(watch: Watch): Promise<SpecTimes> {
  const define = (): Box => {
    const box = useContainer({ image });
    beforeEach(async () => {
      await box.$`true`;
    });
    return box;
  };
  return runSpecs(define, count, watch);
}

function plainSpecs(watch: Watch): Promise<SpecTimes> {
  const define = (): void => {
    let container: StartedTestContainer;
    beforeEach(async () => {
      container = await plainStart(image, JSON.parse(labels) as Record<string, string>);
      await plainRun(container, ['true']);
    });
    afterEach(async () => {
      await container.stop();
    });
  };
  return runSpecs(define, count, watch);
}

function heapInMegabytes(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Run this with --expose-gc.');
  gc();
  return process.memoryUsage().heapUsed / 1e6;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
