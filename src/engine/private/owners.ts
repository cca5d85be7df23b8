import { mkdirSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout';
import { identify, isAlive } from '../../support/process-identity';

/*
 * A private engine belongs to everyone who started it: each has a file in the engine's directory, named after its
 * process. The last one out stops the engine. A process that died doesn't count.
 */

let count = 0;

/** Makes this process an owner, once more where it is one already, and gives the file that says so. */
export function addOwner({ owners }: Layout): string {
  mkdirSync(owners, { recursive: true });
  const self = identify(process.pid);
  const file = join(owners, `${process.pid}-${self?.startTime ?? ''}-${++count}`);
  writeFileSync(file, '');
  return file;
}

/** The owners that live; the files of others are removed. */
export function livingOwners({ owners }: Layout): string[] {
  if (!existsSync(owners)) return [];
  const files = readdirSync(owners);
  const living = files.filter((file) => {
    const [pid = '', startTime = ''] = file.split('-');
    return isAlive({ pid: Number(pid), startTime });
  });
  for (const file of files.filter((each) => !living.includes(each)))
    rmSync(join(owners, file), { force: true });
  return living.map((file) => join(owners, file));
}

export function removeOwner(file: string): void {
  rmSync(file, { force: true });
}
