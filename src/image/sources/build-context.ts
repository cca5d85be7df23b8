import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import { pack } from 'tar-fs';
import { codeOf } from '../../support/errors';

/**
 * Packs the files of a build into a tar archive: the whole directory except what `.dockerignore` excludes. As in
 * Docker's own client, all files belong to root, and the Dockerfile and `.dockerignore` are always included.
 *
 * Source: https://docs.docker.com/build/concepts/context/
 */
export async function packContext(directory: string, dockerfile: string): Promise<Readable> {
  const patterns = await readIgnoreFile(directory);
  const entries = patterns === undefined ? undefined : await listContext(directory, dockerfile, patterns);
  const archive = pack(directory, {
    entries,
    // Skip sockets and other special files.
    strict: false,
    map: (header) => ({ ...header, uid: 0, gid: 0 }),
  });
  return Readable.from(archive);
}

async function listContext(directory: string, dockerfile: string, patterns: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const included = dockerignore().add(patterns).filter(files);
  return [...new Set([...included, dockerfile, '.dockerignore'])];
}

async function readIgnoreFile(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, '.dockerignore'), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
