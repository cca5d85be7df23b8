import { readFileSync } from 'node:fs';
import { codeOf } from './errors';

/** Identifies a process, even if another process gets its number later. */
export interface ProcessIdentity {
  pid: number;
  /** In clock ticks after boot (proc(5), field 22 of stat). */
  startTime: string;
}

/** Returns the identity of a process; undefined if there is none with that number, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  // The program's name stands before these fields, in parentheses, and may contain anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = fields[18];
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, startTime };
}

/** Returns whether that process still lives. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime;
}

/**
 * Returns whether there is a process with that number, even a hidden one: `/proc` can be mounted so that it hides other
 * users' processes (proc(5), `hidepid`), and some systems have no `/proc`.
 */
export function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Returns an empty string if the process is gone, which can happen at any time. */
function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return '';
  }
}
