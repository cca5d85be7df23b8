import { pollOrUndefined } from '../../support/poll';
import { kill, removePrivateEngine } from './clean-up';
import { emptyEngine } from './client';
import { lockOf, type Layout } from './layout';
import { withLock } from './lock';
import { livingOwners, removeOwner } from './owners';
import { isAlive, type ProcessIdentity } from '../../support/process-identity';
import { readRecord } from './record';

/**
 * Removes an owner of an engine, and stops the engine if it was the last one.
 *
 * @param owner the file that {@link addOwner} returned
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export function releaseEngine(layout: Layout, owner: string): Promise<void> {
  return withLock(lockOf(layout), async () => {
    removeOwner(owner);
    const record = readRecord(layout);
    if (record === undefined || livingOwners(layout).length > 0) return;
    // An engine whose data are removed needs no orderly shutdown.
    if (record.keepData && record.daemon !== undefined) await shutDown(layout, record.daemon);
    await removePrivateEngine(layout, record);
  });
}

/** How long the daemon may take to shut down, in milliseconds. It waits up to 5 s for containers. */
const gracePeriod = 10_000;

async function shutDown(layout: Layout, daemon: ProcessIdentity): Promise<void> {
  if (!isAlive(daemon)) return;
  try {
    await emptyEngine(layout.socket);
  } catch {
    // An engine that doesn't answer is killed below. The next start removes its containers, networks and volumes.
  }
  kill(daemon.pid, 'SIGTERM');
  await pollOrUndefined(() => !isAlive(daemon), {
    for: 'dockerd to end',
    timeout: gracePeriod,
    interval: 20,
  });
}
