import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { machineIdentity } from './machine-identity';
import { identify } from '../support/process-identity';
import { ownerState } from './run';

/**
 * Returns a name for a temporary file or directory on the host. The name identifies this process, so that
 * {@link removeOrphanedTemporaries} finds the file if the process is killed.
 *
 * @param prefix the beginning of such names: `.belljar-copy-`
 */
export function temporaryName(prefix: string): string {
  const { machine, bootId, pidNamespace } = machineIdentity();
  const start = identify(process.pid)?.startTime ?? '';
  const random = randomBytes(4).toString('hex');
  return prefix + [machine, bootId, pidNamespace, process.pid, start, random].join('_');
}

/**
 * Removes files of a directory that have a {@link temporaryName} of a process that is certainly dead. Removes only files
 * of this user: in a directory in which others may write, they choose the names.
 */
export async function removeOrphanedTemporaries(directory: string, prefix: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const orphans = names.filter((name) => name.startsWith(prefix) && isOwnerDead(name.slice(prefix.length)));
  await Promise.all(orphans.map((name) => removeOwn(join(directory, name))));
}

async function removeOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && found.uid === process.getuid?.())
    await rm(path, { recursive: true, force: true });
}

function isOwnerDead(owner: string): boolean {
  const fields = /^([0-9a-f]*)_([0-9a-f-]*)_(\d*)_(\d+)_(\d*)_[0-9a-f]{8}$/.exec(owner);
  if (fields === null) return false;
  const [, machine = '', bootId = '', pidNamespace = '', pid = '', pidStart = ''] = fields;
  return ownerState({ machine, bootId, pidNamespace, pid: Number(pid), pidStart }) === 'dead';
}
