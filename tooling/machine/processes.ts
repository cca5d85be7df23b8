import { readdirSync, readFileSync } from 'node:fs';

/** The numbers of this machine's processes. */
export function processNumbers(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Reads a file of a process in `/proc`. Empty if the process has ended. */
export function aboutProcess(pid: string, file: 'cgroup' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
