import { closeSync, fchmodSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { link, open, symlink } from 'node:fs/promises';
import { encodePath, printablePath } from '../path';
import type { TarEntry } from '../tar/read';
import type { ExtractOptions, ExtractReport } from './options';

/** How far an extraction has come. */
export interface Extraction {
  root: string;
  options: Required<ExtractOptions>;
  report: ExtractReport;
  /** The entries made so far, by path in the tree. The root is ''. */
  made: Map<string, 'file' | 'directory' | 'symlink'>;
  /** Set at the end: a directory may forbid writing in it. */
  directoryModes: Map<string, number>;
  /** The name of the archive's first entry, which all others begin with. */
  prefix: string | undefined;
}

type Maker = (
  extraction: Extraction,
  path: string,
  entry: TarEntry,
) => Promise<string | undefined> | undefined;

const refused =
  (what: string): Maker =>
  () =>
    Promise.resolve(what);

/** What makes each type of entry. Each returns why it must not be made, if so. */
export const makers: Readonly<Record<TarEntry['type'], Maker>> = {
  file: makeFile,
  directory: makeDirectory,
  symlink: makeSymlink,
  hardlink: makeHardLink,
  fifo: refused('it is a fifo'),
  'character-device': refused('it is a device'),
  'block-device': refused('it is a device'),
  unknown: refused('it is of a kind that belljar does not know'),
};

async function makeFile(extraction: Extraction, path: string, entry: TarEntry): Promise<undefined> {
  const content = entry.size <= smallSize ? entry.bodyNow() : undefined;
  if (content === undefined) await writePieces(extraction, path, entry);
  else writeAtOnce(extraction, path, entry, content);
  extraction.made.set(path, 'file');
}

/** The largest file that is written at once, in bytes. More would hold up Node.js's event loop. */
const smallSize = 64 * 1024;

/** Synchronous, because a promise costs more than the system call. */
function writeAtOnce(extraction: Extraction, path: string, entry: TarEntry, content: Buffer): void {
  const file = openSync(onHost(extraction, path), 'wx', 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, entry.mode & 0o777);
  } finally {
    closeSync(file);
  }
  extraction.report.bytes += content.length;
}

async function writePieces(extraction: Extraction, path: string, entry: TarEntry): Promise<void> {
  const file = await open(onHost(extraction, path), 'wx', 0o600);
  try {
    for await (const piece of entry.body) {
      await file.writeFile(piece);
      extraction.report.bytes += piece.length;
    }
    await file.chmod(entry.mode & 0o777);
  } finally {
    await file.close();
  }
}

function makeDirectory(extraction: Extraction, path: string, entry: TarEntry): undefined {
  mkdirSync(onHost(extraction, path), { mode: 0o700 });
  extraction.made.set(path, 'directory');
  extraction.directoryModes.set(path, entry.mode & 0o777);
}

async function makeSymlink(
  extraction: Extraction,
  path: string,
  { target }: TarEntry,
): Promise<string | undefined> {
  if (!staysInTree(path, target))
    return `it is a symbolic link to ${printablePath(target)}, which is not in the tree`;
  await symlink(encodePath(target), onHost(extraction, path));
  extraction.made.set(path, 'symlink');
  return undefined;
}

/**
 * Whether a link can't lead out of the tree. `..` counts only at the beginning, where the directories above the link
 * are known to be real; after a name it would go up from wherever another link leads.
 */
function staysInTree(path: string, target: string): boolean {
  if (target.startsWith('/') || target === '') return false;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const leading = ups < 0 ? parts.length : ups;
  const depth = path === '' ? -1 : path.split('/').length - 1;
  return leading <= depth && !parts.slice(leading).includes('..');
}

async function makeHardLink(
  extraction: Extraction,
  path: string,
  { target }: TarEntry,
): Promise<string | undefined> {
  const first = below(extraction.prefix ?? '', target);
  if (first === undefined || extraction.made.get(first) !== 'file') {
    return `it is a hard link to ${printablePath(target)}, which is not a file of the tree`;
  }
  await link(onHost(extraction, first), onHost(extraction, path));
  extraction.made.set(path, 'file');
  return undefined;
}

/** Returns a name without the prefix that all names of an archive begin with; undefined for an unsafe name. */
export function below(prefix: string, name: string): string | undefined {
  if (name === prefix) return prefix.split('/').includes('..') ? undefined : '';
  const start = prefix === '' ? '/' : `${prefix}/`;
  if (!name.startsWith(start)) return undefined;
  const path = name.slice(start.length);
  const isSafe = path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  return isSafe ? path : undefined;
}

/** Returns the path of an entry on the host. */
export function onHost({ root }: Extraction, path: string): Buffer {
  return path === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), encodePath(path)]);
}
