import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createBridge, networkDatabase } from './machine/bridge';
import { removePrivateEngine } from './clean-up';
import { answers, emptyEngine } from './client';
import { startDaemon } from './daemon';
import { claimDataRoot } from './data-root';
import { PrivateEngineError } from '../errors';
import { machineLock, type Layout } from './layout';
import { withLock } from './lock';
import { prepareMachine } from './machine/machine';
import type { PrivateEngineSettings } from './options';
import { livingOwners } from './owners';
import { isAlive, type ProcessIdentity } from '../../support/process-identity';
import { readRecord, writeRecord, type EngineRecord } from './record';
import { addRules } from './machine/rules';
import { chooseSubnet } from './machine/subnet';

/** The record of an engine that is ready. */
export type RunningEngine = EngineRecord & { daemon: ProcessIdentity };

/** Returns the engine of this name if it answers and has a living owner, else undefined. */
export async function findShared(
  layout: Layout,
  settings: PrivateEngineSettings,
): Promise<RunningEngine | undefined> {
  if (livingOwners(layout).length === 0) return undefined;
  const record = readRecord(layout);
  if (record?.daemon === undefined || !isAlive(record.daemon)) return undefined;
  if (!(await answers(layout.socket, 5000))) return undefined;
  checkSameOptions(layout, settings, record);
  return { ...record, daemon: record.daemon };
}

function checkSameOptions({ name }: Layout, settings: PrivateEngineSettings, record: EngineRecord): void {
  const { subnet, dataRoot, dockerd, flags } = settings;
  const wanted = { dataRoot, dockerd, flags, subnet: subnet ?? record.subnet };
  const there = {
    dataRoot: record.dataRoot,
    dockerd: record.dockerd,
    flags: record.flags,
    subnet: record.subnet,
  };
  if (JSON.stringify(wanted) === JSON.stringify(there)) return;
  throw new PrivateEngineError(
    'PRIVATE_ENGINE_IN_USE',
    [
      `Another process uses the private engine "${name}", which was started with other options. Choose another name.`,
      `  wanted  ${JSON.stringify(wanted)}`,
      `  running ${JSON.stringify(there)}`,
    ].join('\n'),
  );
}

/** Starts an engine that is not running, after it has removed an orphaned one of the same name. */
export async function startAnew(layout: Layout, settings: PrivateEngineSettings): Promise<RunningEngine> {
  await removePrivateEngine(layout, readRecord(layout) ?? { dataRoot: settings.dataRoot, keepData: true });
  claimDataRoot(settings.dataRoot, layout);
  // The database may be from before the machine's last restart, which removed the record.
  await rm(networkDatabase(settings.dataRoot), { force: true });
  try {
    const record = await prepare(layout, settings);
    const daemon = await startDaemon(layout, settings, record.subnet);
    if (settings.keepData) await emptyEngine(layout.socket);
    writeRecord(layout, { ...record, daemon });
    return { ...record, daemon };
  } catch (error) {
    await removePrivateEngine(layout, settings);
    throw error;
  }
}

/** Prepares the machine for the daemon. One engine at a time, otherwise two would choose the same subnet. */
function prepare(layout: Layout, settings: PrivateEngineSettings): Promise<EngineRecord> {
  const { dataRoot, keepData, dockerd, flags } = settings;
  return withLock(machineLock, async () => {
    const subnet = await chooseSubnet(settings.subnet);
    const record = { dataRoot, keepData, dockerd, flags, subnet };
    mkdirSync(layout.directory, { recursive: true });
    writeRecord(layout, record);
    await prepareMachine(layout.runDirectory);
    await createBridge(layout, subnet);
    await addRules(layout, subnet);
    return record;
  });
}
