import { readdirSync, readFileSync } from 'node:fs';
import { identify } from '../../../support/process-identity';
import { markVariable, type Layout } from '../layout';

/**
 * Returns every process of a private engine. The daemon and its child processes have the engine's variable in their
 * environment. The processes of its containers are in its control group.
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

/** Returns the contents of a process's file; empty if the process is gone, which can happen at any time. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
