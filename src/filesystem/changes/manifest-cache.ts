import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeOrphanedTemporaries, temporaryName } from '../../ownership/temporary-files';
import type { Tree, TreeEntry } from '../tree';

/** The tree of an image, as a container has it before anything ran. */
export interface Manifest {
  tree: Tree;
  passwd: string;
  group: string;
}

/** The version of the format, which changes with the meaning of what is stored. */
const format = 'belljar-manifest-2';

/** The prefix of unfinished files. An orphan of a killed process is removed when the next manifest is stored. */
const draftPrefix = '.draft-';

interface Header {
  format: string;
  imageId: string;
  passwd: string;
  group: string;
}

/**
 * Returns the stored manifest of an image; undefined if there is no whole one. The file's first line is a hash of all
 * other lines, which name the image.
 */
export async function loadManifest(imageId: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(fileFor(imageId), 'utf8');
  } catch {
    // Whatever the reason, the manifest can be made again.
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
 * Stores a manifest, whole or not at all. A disk that is full, or a home directory that can't be written, only costs
 * time.
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
    // A file that could not be made may be impossible to remove, too.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Returns the file of an image's manifest (XDG Base Directory Specification). */
export function fileFor(imageId: string): string {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(cache, 'belljar', 'manifests', `${imageId.replace(/[^\w.-]/g, '-')}.json`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
