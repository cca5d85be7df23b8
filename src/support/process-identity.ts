import { readFileSync } from 'node:fs';
import { codeOf } from './errors';

/** A process that can't be taken for another one that got its number later. */
export interface ProcessIdentity {
  pid: number;
  /** In clock ticks since the machine started (proc(5), field 22 of stat). */
  startTime: string;
}

/** Who a process is, or undefined where there is none, or only what its parent has not collected yet. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
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
 * Whether there is a process of that number, even one that we may not look at: `/proc` can be mounted so that it hides
 * other users' processes (proc(5), `hidepid`), and some systems have none.
 */
export function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Empty where the process is gone, which can happen between any two looks. */
function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return '';
  }
}
