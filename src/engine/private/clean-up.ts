import { rm } from 'node:fs/promises';
import { messageOf } from '../../support/errors';
import { poll } from '../../support/poll';
import { networkDatabase, removeBridges } from './machine/bridge';
import { removeGroups, thaw } from './machine/control-groups';
import { PrivateEngineError } from '../errors';
import { machineLock, type Layout } from './layout';
import { withLock } from './lock';
import { restoreMachine } from './machine/machine';
import { processesOf } from './machine/processes';
import type { EngineRecord } from './record';
import { removeRules } from './machine/rules';

/**
 * Removes everything of a private engine, however it ended: its processes and containers, control groups, bridges,
 * rules and sockets, and its data unless `keepData`. Does nothing if the engine is removed already.
 *
 * If a step fails, the other steps still run.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function removePrivateEngine(
  layout: Layout,
  { dataRoot, keepData }: Pick<EngineRecord, 'dataRoot' | 'keepData'>,
): Promise<void> {
  const failures = await tryEach([
    () => killProcesses(layout),
    () => removeGroups(layout),
    () => removeBridges(layout, dataRoot),
    () => removeRules(layout),
    // The next daemon would create the networks of this database again.
    () => rm(networkDatabase(dataRoot), { force: true }),
    () => (keepData ? Promise.resolve() : rm(dataRoot, { recursive: true, force: true })),
    // The record is removed last: with the record, a later start can repeat the steps that failed now.
    () => rm(layout.directory, { recursive: true, force: true }),
    () => withLock(machineLock, () => restoreMachine(layout.runDirectory)),
  ]);
  if (failures.length === 0) return;
  throw new PrivateEngineError(
    'PRIVATE_ENGINE_STOP_FAILED',
    [
      `The private engine "${layout.name}" could not be removed completely:`,
      ...failures.map((error) => `  ${messageOf(error)}`),
    ].join('\n'),
    { cause: failures[0] },
  );
}

async function killProcesses(layout: Layout): Promise<void> {
  thaw(layout);
  await poll(() => killOnce(layout), {
    for: `the processes of ${layout.directory} to end`,
    timeout: 10_000,
    interval: 20,
  });
}

/** Kills all processes. Returns true if there were none: a killed process may have started another just before. */
function killOnce(layout: Layout): boolean {
  const processes = processesOf(layout);
  for (const pid of processes) kill(pid, 'SIGKILL');
  return processes.length === 0;
}

/** Sends a signal to a process. Does nothing if the process is gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!messageOf(error).includes('ESRCH')) throw error;
  }
}

async function tryEach(steps: (() => Promise<unknown>)[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
}
