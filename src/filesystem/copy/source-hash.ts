import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { codeOf } from '../../support/errors';
import type { CopyInOptions } from './options';
import { listSource, type SourceEntry } from './source';

/** The options of a copy that decide what is copied of a tree. */
export type SourceOptions = Pick<CopyInOptions, 'ignore' | 'keepOwners'>;

/**
 * Hashes what `copyIn` copies of a path on the host: the names, types, modes, contents and link targets of the whole
 * tree, without what it ignores. Owners count only if the copy keeps them. Times are left out, because a fresh checkout
 * has new ones.
 *
 * @param hostPath a file, a directory, or a link to either, which is followed as `copyIn` follows it
 * @returns `sha256:` and 64 hexadecimal digits; `absent` if nothing is there
 * @throws the errors of `fs` for what can't be read
 */
export async function hashSource(hostPath: string, options: SourceOptions): Promise<string> {
  try {
    const hash = createHash('sha256');
    for (const entry of listSource(hostPath, { ...options, special: 'skip' }).entries)
      await addEntry(hash, entry, options);
    return `sha256:${hash.digest('hex')}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Each entry has its length before it, so that no two trees make one text. */
async function addEntry(
  hash: Hash,
  { path, name, stats }: SourceEntry,
  { keepOwners }: SourceOptions,
): Promise<void> {
  const target = stats.isSymbolicLink()
    ? (await readlink(path, { encoding: 'buffer' })).toString('latin1')
    : '';
  const size = stats.isFile() ? stats.size : 0;
  const owner = keepOwners === true ? `${stats.uid}:${stats.gid}` : '';
  hash.update(JSON.stringify([name, stats.mode, owner, target, size]));
  if (size === 0) return;
  const content = createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 });
  for await (const piece of content) hash.update(piece as Buffer);
}
