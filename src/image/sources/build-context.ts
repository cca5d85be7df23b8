import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import { pack, type PackOptions } from 'tar-fs';
import { codeOf } from '../../support/errors';

/**
 * Packs the files of a build into a tar archive: the whole directory except what `.dockerignore` excludes, with the
 * modes that files and directories have, empty directories too. As in Docker's own client, all files belong to root,
 * and the Dockerfile and `.dockerignore` are always included. As for BuildKit, a file with the Dockerfile's name and
 * `.dockerignore` after it counts instead of `.dockerignore`, if there is one.
 *
 * Source: https://docs.docker.com/build/concepts/context/; moby, `archive.TarWithOptions`.
 */
export async function packContext(directory: string, dockerfile: string): Promise<Readable> {
  const own = await readIgnoreFile(join(directory, `${dockerfile}.dockerignore`));
  const common = own === undefined ? await readIgnoreFile(join(directory, '.dockerignore')) : undefined;
  const entries = await listContext(directory, own ?? common ?? '');
  const always = [dockerfile, ...(common === undefined ? [] : ['.dockerignore'])];
  const options: PackOptions & { umask: number } = {
    entries: [...new Set([...entries, ...always])],
    // All is listed above, so nothing is looked for below the listed directories.
    ignore: () => true,
    // The modes are those of the files, whatever mask this process has.
    umask: 0,
    // Skip sockets and other special files.
    strict: false,
    map: (header) => ({ ...header, uid: 0, gid: 0 }),
  };
  return Readable.from(pack(directory, options));
}

/** Lists the files and directories to send, each directory before what is in it. */
async function listContext(directory: string, patterns: string): Promise<string[]> {
  const ignored = dockerignore({ ignorecase: false }).add(patterns);
  const exceptions = exceptionsOf(patterns);
  const listed: string[] = [];
  const visit = async (parent: string): Promise<void> => {
    const entries = await readdir(join(directory, parent), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
      const isIgnored = ignored.ignores(path);
      if (!isIgnored) listed.push(path);
      // As in Docker's client, a directory that is ignored is entered only for an exception that begins with its path.
      const mayHoldMore =
        !isIgnored || exceptions.some((exception) => `${exception}/`.startsWith(`${path}/`));
      if (entry.isDirectory() && mayHoldMore) await visit(path);
    }
  };
  await visit('');
  return listed;
}

/** Returns the patterns of what is not ignored, without their `!`. */
function exceptionsOf(patterns: string): string[] {
  return patterns
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).trim().replace(/^\/+/, '').replace(/\/+$/, ''));
}

async function readIgnoreFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
