import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import { pack } from 'tar-fs';
import { codeOf } from '../../support/errors';

/**
 * The files of a build as a tar archive: all of its directory but what `.dockerignore` leaves out. As in Docker's own
 * client, everything belongs to root, and the Dockerfile and `.dockerignore` always go along.
 *
 * Source: https://docs.docker.com/build/concepts/context/
 */
export async function packContext(directory: string, dockerfile: string): Promise<Readable> {
  const patterns = await readIgnoreFile(directory);
  const entries = patterns === undefined ? undefined : await listContext(directory, dockerfile, patterns);
  const archive = pack(directory, {
    entries,
    // Sockets and the like are left out.
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
