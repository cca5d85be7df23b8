import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { codeOf } from '../../support/errors';

/**
 * Hashes what `copyIn` copies of a path on the host: the names, types, modes, contents and link targets of the whole
 * tree. Times and owners are left out, because a copy belongs to root, and a fresh checkout has new times.
 *
 * @param hostPath a file, a directory, or a link to either, which is followed as `copyIn` follows it
 * @returns `sha256:` and 64 hexadecimal digits; `absent` if nothing is there
 * @throws the errors of `fs` for what can't be read
 */
export async function hashSource(hostPath: string): Promise<string> {
  try {
    const path = Buffer.from(hostPath);
    return `sha256:${await hashEntry(path, await stat(path))}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Each field of the hashed text has its length before it or a fixed form, so that no two trees have one text. */
async function hashEntry(path: Buffer, stats: Stats): Promise<string> {
  const hash = createHash('sha256').update(`${stats.mode} `);
  if (stats.isDirectory()) {
    for (const name of await sortedNames(path)) {
      const child = Buffer.concat([path, Buffer.from('/'), name]);
      hash.update(`${name.length}:`).update(name);
      hash.update(await hashEntry(child, await lstat(child)));
    }
  } else if (stats.isSymbolicLink()) {
    hash.update(await readlink(path, { encoding: 'buffer' }));
  } else if (stats.isFile()) {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 }))
      hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}

async function sortedNames(directory: Buffer): Promise<Buffer[]> {
  return (await readdir(directory, { encoding: 'buffer' })).sort((a, b) => a.compare(b));
}
