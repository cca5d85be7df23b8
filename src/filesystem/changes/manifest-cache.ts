import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeOrphanedTemporaries, temporaryName } from '../../ownership/temporary-files';
import type { Tree, TreeEntry } from '../tree';

/** The tree of an image, as a container made from it has it before anything ran. */
export interface Manifest {
  tree: Tree;
  passwd: string;
  group: string;
}

/** Changes with the meaning of what is stored. */
const format = 'belljar-manifest-2';

/** What unfinished files are called; one that a killed process left goes when the next is stored. */
const draftPrefix = '.draft-';

interface Header {
  format: string;
  imageId: string;
  passwd: string;
  group: string;
}

/**
 * The stored manifest of an image, or undefined where there is none that is whole: the file's first line is a hash of
 * all others, and they name the image.
 */
export async function loadManifest(imageId: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(fileFor(imageId), 'utf8');
  } catch {
    // Whatever the reason, it can be made again.
    return undefined;
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== hashOf(body)) return undefined;
  const [header, ...entries] = JSON.parse(body) as [Header, ...[string, TreeEntry][]];
  if (header.format !== format || header.imageId !== imageId) return undefined;
  return { tree: new Map(entries), passwd: header.passwd, group: header.group };
}

/**
 * Stores a manifest, whole or not at all. A disk that is full, or a home that can't be written, costs time, no more.
 */
export async function storeManifest(imageId: string, { tree, passwd, group }: Manifest): Promise<void> {
  const header: Header = { format, imageId, passwd, group };
  const body = JSON.stringify([header, ...tree]);
  const file = fileFor(imageId);
  const draft = join(dirname(file), temporaryName(draftPrefix));
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await removeOrphanedTemporaries(dirname(file), draftPrefix);
    await writeFile(draft, `${hashOf(body)}\n${body}`, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch {
    // What could not be made may be impossible to remove, too.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Where the manifest of an image is kept (XDG Base Directory Specification). */
export function fileFor(imageId: string): string {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(cache, 'belljar', 'manifests', `${imageId.replace(/[^\w.-]/g, '-')}.json`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
