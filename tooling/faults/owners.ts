import { spawn, type ChildProcess } from 'node:child_process';
import { connectEngine } from '../../src/engine/connect/connection';
import { listOwned } from '../../src/ownership/owned-resources';
import type { Run } from '../../src/ownership/run';
import { poll } from '../../src/support/poll';
import { firstOutput } from '../machine/first-output';
import { aboutProcess, processNumbers } from '../machine/processes';
import { repository, type Build } from './build';

/** Long enough for a machine that is busy with other specs; how long it takes on a quiet one is in ARCHITECTURE.md. */
const bound = 30_000;

/** A program of its own that has started a container on a network, see tooling/faults/owner-program.ts. */
export interface OwnerProgram {
  process: ChildProcess;
  run: Run;
  /** Its container. */
  id: string;
}

/** @param what it does then: `wait` for a signal, or `end` */
export async function startOwner({ owner }: Build, what: 'wait' | 'end'): Promise<OwnerProgram> {
  const child = spawn(process.execPath, [owner, what], {
    cwd: repository,
    env: outside(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { process: child, ...(JSON.parse(await firstOutput(child)) as Omit<OwnerProgram, 'process'>) };
}

/** This environment without the run, so that what is started has one of its own, and what others left stays. */
export function outside(): NodeJS.ProcessEnv {
  const added = ['BELLJAR_RUN', 'BELLJAR_WORKERS', 'JEST_WORKER_ID'];
  const env = Object.entries(process.env).filter(([name]) => !added.includes(name));
  return { ...Object.fromEntries(env), BELLJAR_SWEEP: 'off', NODE_NO_WARNINGS: '1' };
}

/** Lists the resources of a run in the engine: `container 1a2b…`. */
export async function leftOf(runId: string): Promise<string[]> {
  const { docker } = await connectEngine();
  return (await listOwned(docker, runId)).map(({ kind, name }) => `${kind} ${name}`);
}

/** Waits until the engine has no resource of a run, and the run has no process, such as a reaper. */
export async function untilGone(runId: string): Promise<void> {
  await poll(async () => (await leftOf(runId)).length === 0, {
    for: `run ${runId} to leave nothing in the engine`,
    timeout: bound,
  });
  await poll(() => reapersOf(runId).length === 0, { for: `the reaper of ${runId} to end`, timeout: bound });
}

/**
 * The processes that have something as an argument: of a run's id or of the reaper's program, these are the reapers,
 * while they wait and while they work.
 */
export function reapersOf(argument: string): number[] {
  return processNumbers()
    .filter((pid) => aboutProcess(pid, 'cmdline').split('\0').includes(argument))
    .map(Number);
}
