import { readdirSync, readFileSync } from 'node:fs';
import { markVariable, type Layout } from './layout';

/** A process that can't be taken for another one that got its number later. */
export interface ProcessIdentity {
  pid: number;
  /** In clock ticks since the machine started (proc(5), field 22 of stat). */
  startTime: string;
}

/** Who a process is, or undefined where there is none, or only what its parent has not collected yet. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readOf(pid, 'stat');
  // The program's name comes before, in parentheses, and may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = fields[18];
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, startTime };
}

/** Whether that very process still lives. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime;
}

/**
 * Every process of a private engine: the daemon and what it started carry its mark in their environment, what runs in
 * its containers is in its control group.
 */
export function processesOf({ directory, cgroup }: Layout): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && identify(pid) !== undefined)
    .filter(
      (pid) => isMarked(pid, `${markVariable}=${directory}`) || readOf(pid, 'cgroup').includes(`/${cgroup}/`),
    );
}

function isMarked(pid: number, mark: string): boolean {
  return `\0${readOf(pid, 'environ')}`.includes(`\0${mark}\0`);
}

/** A file of a process; empty where the process is gone, which can happen between any two looks. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
