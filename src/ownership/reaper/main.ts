/*
 * The reaper's program. It reads its orders until its input ends, which is when the process that gave them has died,
 * carries them out and ends. Nobody reads what it prints.
 */
import { parseCleanupJobs } from './cleanup-job';
import { reapAll } from './reap';

async function main(): Promise<void> {
  process.chdir('/');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  await reapAll(parseCleanupJobs(text));
}

main().then(
  () => process.exit(0),
  () => process.exit(1),
);
