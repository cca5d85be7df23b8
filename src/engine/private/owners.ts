import { mkdirSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout';
import { identify, isAlive } from '../../support/process-identity';

/*
 * Each call that starts or shares a private engine is an owner, with a file in the engine's directory that is named
 * after its process. The last owner to release the engine stops it. Owners whose process has died do not count.
 */

let count = 0;

/** Adds an owner in this process, and returns the owner's file. A process may be an owner several times. */
export function addOwner({ owners }: Layout): string {
  mkdirSync(owners, { recursive: true });
  const self = identify(process.pid);
  const file = join(owners, `${process.pid}-${self?.startTime ?? ''}-${++count}`);
  writeFileSync(file, '');
  return file;
}

/** Returns the files of living owners, and removes the files of dead ones. */
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
