import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect/connection';
import { listOwned } from '../../src/ownership/owned-resources';
import { poll } from '../../src/support/poll';
import { repository, type Build } from './build';
import { outside, reapersOf } from './owners';

/** A Jest of its own, which owns the run that its tests belong to. */
export interface ChildJest {
  process: ChildProcess;
  /** The output so far. */
  output(): string;
  /** Its exit code and signal. */
  ended: Promise<[number | null, NodeJS.Signals | null]>;
}

/** @param env added to the environment */
export function startJest(
  { directory }: Build,
  args: readonly string[],
  env: Record<string, string> = {},
): ChildJest {
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [jest, '--rootDir', directory, '--config', join(directory, 'jest.config.json'), ...args],
    {
      cwd: directory,
      env: { ...outside(), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'exit') as ChildJest['ended'];
  return { process: child, output: () => output, ended };
}

/** Runs Jest in one worker to its end, and returns what it printed. */
export async function outputOfJest(
  build: Build,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const jest = startJest(build, [...args, '--maxWorkers=1'], env);
  await once(jest.process, 'close');
  return jest.output();
}

/** Lists the resources in the engine of the runs that a process owns. */
export async function ownedBy(pid: number | undefined): Promise<string[]> {
  const { docker } = await connectEngine();
  const resources = (await listOwned(docker)).filter(({ run }) => run.pid === pid);
  return resources.map(({ kind, name }) => `${kind} ${name}`);
}

/** The moment at which a run is killed. */
export interface Moment {
  /** The time is counted from the start of the run, or from its first resource in the engine. */
  since: 'start' | 'first';
  milliseconds: number;
}

/** One in five is from before the set-up on; the others from the first container to about the end. */
export function randomMoment(): Moment {
  return Math.random() < 0.2
    ? { since: 'start', milliseconds: 300 + Math.random() * 3000 }
    : { since: 'first', milliseconds: Math.random() * 4000 };
}

/** The engine may have been making something still: only once the reaper has ended is nothing to come. */
export async function untilReaped({ directory }: Build): Promise<void> {
  await poll(() => reapersOf(join(directory, 'reaper.js')).length === 0, {
    for: 'the reaper to end',
    timeout: 60_000,
  });
}

export interface Kill {
  /** How long the run had lived, in milliseconds. */
  lived: number;
  /** How much it had in the engine just before. */
  had: number;
  /** How long it took after the death until nothing was left, in milliseconds. */
  took: number;
  /** How long after the death its reaper had ended, in milliseconds. */
  reaped: number;
}

/**
 * Kills a run of Jest at a moment, and waits until nothing of it is left in the engine and its reaper has ended.
 *
 * @throws PollTimeoutError if a resource stays
 */
export async function killJest(build: Build, moment: Moment, args: readonly string[]): Promise<Kill> {
  const jest = startJest(build, args);
  const { pid } = jest.process;
  const started = performance.now();
  if (moment.since === 'first') await untilFirst(jest);
  const counted = performance.now();
  await poll(() => performance.now() - counted >= moment.milliseconds, {
    for: 'the moment of the kill',
    timeout: 60_000,
    interval: 10,
  });
  const lived = performance.now() - started;
  const had = (await ownedBy(pid)).length;
  jest.process.kill('SIGKILL');
  await jest.ended;
  const died = performance.now();
  await poll(async () => (await ownedBy(pid)).length === 0, {
    for: `Jest killed after ${Math.round(lived)} ms to leave nothing in the engine`,
    timeout: 30_000,
  });
  const took = performance.now() - died;
  await untilReaped(build);
  const reaped = performance.now() - died;
  const left = await ownedBy(pid);
  if (left.length > 0) throw new Error(`Left after the reaper had ended: ${left.join(', ')}`);
  return { lived, had, took, reaped };
}

/** @throws Error if Jest ends before it has anything in the engine: with what it printed */
async function untilFirst(jest: ChildJest): Promise<void> {
  const { process: child } = jest;
  await poll(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`Jest ended before it had a container:\n${jest.output()}`);
      return (await ownedBy(child.pid)).length > 0;
    },
    { for: 'a first container', timeout: 60_000 },
  );
}
