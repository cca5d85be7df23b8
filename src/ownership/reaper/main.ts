/*
 * The reaper's program. It reads cleanup jobs until its input ends, because the process that wrote them has died. Then it
 * does the jobs and ends. Its output is not read.
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
