import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../support/errors';
import { poll } from '../../../support/poll';
import type { Layout } from '../layout';

/** Resumes paused containers, because SIGKILL does not end a frozen process (cgroup v1). */
export function thaw(layout: Layout): void {
  for (const directory of groupsOf(layout).flatMap(below)) {
    writeIfThere(join(directory, 'freezer.state'), 'THAWED');
    writeIfThere(join(directory, 'cgroup.freeze'), '0');
  }
}

/** Removes the engine's control groups, which must be empty of processes. */
export async function removeGroups(layout: Layout): Promise<void> {
  for (const directory of groupsOf(layout).flatMap(below)) {
    // A group still counts processes for a moment after they died.
    await poll(() => tryRemove(directory), { for: `${directory} to be empty`, timeout: 5000, interval: 20 });
  }
}

/** Returns the engine's group in each hierarchy: one on cgroup v2, one for each controller on v1. */
function groupsOf({ cgroup }: Layout): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, mount = '']) => join(mount, cgroup))
    .filter((directory) => existsSync(directory));
}

/** Returns a directory and all directories below it, the deepest first. */
function below(directory: string): string[] {
  const children = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap(({ name }) => below(join(directory, name))), directory];
}

function tryRemove(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    if (codeOf(error) === 'EBUSY') return false;
    throw error;
  }
}

function writeIfThere(file: string, value: string): void {
  if (existsSync(file)) writeFileSync(file, value);
}
