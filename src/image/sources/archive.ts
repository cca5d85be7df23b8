import type Docker from 'dockerode';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { delimiter } from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { messageOf } from '../../support/errors';
import { compressionOf, createDecompressor } from '../compression';
import { ImageError } from '../errors';
import { engineMessages } from './messages';
import { parseReference } from '../reference/reference';

/** Returns the files of `BELLJAR_IMAGE_ARCHIVE`: one or more paths, separated as in `PATH`. */
export function archivePaths(env: NodeJS.ProcessEnv = process.env): string[] {
  return (env.BELLJAR_IMAGE_ARCHIVE ?? '').split(delimiter).filter((path) => path !== '');
}

/**
 * Lists the references in an archive of `docker save`, without loading the archive.
 *
 * @param path a tar archive, plain or compressed with gzip
 * @throws ImageError `IMAGE_ARCHIVE_UNUSABLE`
 */
export async function listArchive(path: string): Promise<string[]> {
  try {
    const manifests = JSON.parse(await readManifest(path)) as { RepoTags?: string[] | null }[];
    return manifests.flatMap(({ RepoTags }) => RepoTags ?? []).map((tag) => parseReference(tag).familiar);
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
}

/**
 * Loads an archive into the engine, as `docker load` does.
 *
 * @throws ImageError `IMAGE_ARCHIVE_UNUSABLE`
 */
export async function loadArchive(docker: Docker, path: string): Promise<void> {
  const file = createReadStream(path);
  try {
    const messages = engineMessages(await docker.loadImage(file, { quiet: true }));
    while ((await messages.next()).done !== true);
  } catch (cause) {
    throw unusable(path, `the engine refused it: ${messageOf(cause)}`, cause);
  } finally {
    file.destroy();
  }
}

function unusable(path: string, why: string, cause: unknown): ImageError {
  const message = `The image archive ${path} (BELLJAR_IMAGE_ARCHIVE) can't be used: ${why}. Write one with "docker save".`;
  return new ImageError('IMAGE_ARCHIVE_UNUSABLE', message, { cause });
}

/** Source: Docker Image Specification v1.2, `manifest.json`. */
async function readManifest(path: string): Promise<string> {
  const file = await openArchive(path);
  const entries = extract();
  file.once('error', (error) => entries.destroy(error));
  file.pipe(entries);
  try {
    for await (const entry of entries) {
      if (entry.header.name !== 'manifest.json') {
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    }
  } finally {
    file.destroy();
  }
  throw new Error('it has no manifest.json');
}

async function openArchive(path: string): Promise<Readable> {
  const start = Buffer.alloc(16);
  const file = await open(path);
  try {
    await file.read(start, 0, start.length, 0);
  } finally {
    await file.close();
  }
  const compression = compressionOf(start);
  if (compression === undefined) return createReadStream(path);
  const decompressor = createDecompressor(compression);
  if (decompressor === undefined)
    throw new Error(`it is compressed with ${compression}; use gzip, or no compression`);
  const source = createReadStream(path);
  source.once('error', (error) => decompressor.destroy(error));
  decompressor.once('close', () => source.destroy());
  return source.pipe(decompressor);
}
