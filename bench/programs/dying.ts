import { startContainer } from 'belljar';
import type { Dying } from '../rows/removal';

/** Starts a number of containers, says so, and waits to be killed: `node dying.js 10`. */
const count = Number(process.argv[2]);
const { BELLJAR_BENCH_IMAGE: image = '' } = process.env;

async function main(): Promise<void> {
  const containers: string[] = [];
  for (let number = 1; number <= count; number += 1) containers.push((await startContainer({ image })).id);
  const [runId = ''] = (process.env.BELLJAR_RUN ?? '').split(' ');
  const dying: Dying = { containers, runId };
  console.log(JSON.stringify(dying));
  setInterval(() => undefined, 60_000);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
