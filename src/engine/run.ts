import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One run of belljar: what owns the containers that its tests start, in however many worker processes. */
export interface Run {
  /** Unguessable, sixteen hexadecimal digits. */
  id: string;
  /** The process that the run lives and dies with. */
  pid: number;
  /** When that process started, in clock ticks after boot (proc(5), `starttime`): tells a reused pid. Empty off Linux. */
  pidStart: string;
  /** The boot that both belong to (`/proc/sys/kernel/random/boot_id`). Empty off Linux. */
  bootId: string;
}

const variable = 'BELLJAR_RUN';

/** The run that this process belongs to. The first process that asks begins one, and its children join it. */
export function currentRun(): Run {
  const inherited = process.env[variable];
  if (inherited !== undefined) return parseRun(inherited);
  const run = {
    id: randomBytes(8).toString('hex'),
    pid: process.pid,
    pidStart: readPidStart(process.pid) ?? '',
    bootId: readBootId(),
  };
  process.env[variable] = [run.id, run.pid, run.pidStart, run.bootId].join(' ');
  return run;
}

/** Whether the process that a run lives with is still there, on this boot of this machine. */
export function isRunAlive(run: Run): boolean {
  return run.bootId === readBootId() && readPidStart(run.pid) === run.pidStart;
}

function parseRun(text: string): Run {
  const [id = '', pid = '', pidStart = '', bootId = ''] = text.split(' ');
  return { id, pid: Number(pid), pidStart, bootId };
}

function readBootId(): string {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readPidStart(pid: number): string | undefined {
  // The second field, the program's name, may hold spaces and parentheses: count from its end.
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
