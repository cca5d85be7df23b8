import { readdirSync, readFileSync } from 'node:fs';
import { identify } from '../../../support/process-identity';
import { markVariable, type Layout } from '../layout';

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
