import { chmod, link, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeOrphanedTemporaries, temporaryName } from '../../ownership/temporary-files';
import type { OptionChecks } from '../../support/options/check-options';
import { codeOf } from '../../support/errors';
import { numberOf, oneOf } from '../../support/options/option-checks';
import { formatBytes } from '../../support/size';
import { CopyError, TarError } from '../errors';
import { encodePath, printablePath } from '../path';
import { readTar, type TarEntry } from '../tar/read';

/** Options of `copyOut()`. */
export interface ExtractOptions {
  /** The limit of all content, in bytes. Default 1 GiB. */
  maxBytes?: number;
  /** The limit of files, directories and links. Default 100,000. */
  maxEntries?: number;
  /**
   * What to do with an entry that is not safe on the host: a link that points out of the tree, a device, a fifo.
   * `refuse` (default) fails the whole copy and leaves nothing. `skip` leaves the entry out, and lists it in `skipped`.
   */
  unsafe?: 'refuse' | 'skip';
}

export const extractChecks = {
  maxBytes: numberOf('bytes'),
  maxEntries: numberOf('entries'),
  unsafe: oneOf(['refuse', 'skip']),
} satisfies OptionChecks<ExtractOptions>;

/** The result of a copy. */
export interface ExtractReport {
  /** Files, directories and links written. */
  entries: number;
  /** Bytes of content written. */
  bytes: number;
  /** The entries that were left out, and why. */
  skipped: { path: string; reason: string }[];
}

/**
 * Unpacks an archive that a container had a hand in, at `target` on the host. Everything is written into a new
 * directory beside it and moved into place when it is whole, so that a copy that fails leaves nothing.
 *
 * Nothing is ever written through what the archive itself made: a parent must be a directory of this extraction, every
 * file is made anew (`O_EXCL`), so that two entries of one name (or two that a file system without case takes for one)
 * fail, and a symbolic link may only lead to where it stays in the tree. Set-user-id, set-group-id and sticky bits and
 * owners are dropped: a program of the container's must not get rights on the host.
 *
 * @param archive a tar stream that begins with the root of the tree
 * @param target the path of the root. A file there is replaced; a directory there must be empty
 * @throws CopyError
 */
export async function extractTree(
  archive: AsyncIterable<Uint8Array>,
  target: string,
  options: ExtractOptions = {},
): Promise<ExtractReport> {
  await mkdir(dirname(target), { recursive: true });
  await removeOrphanedTemporaries(dirname(target), stagingPrefix);
  const staging = join(dirname(target), temporaryName(stagingPrefix));
  await mkdir(staging, { mode: 0o700 });
  try {
    const root = join(staging, 'tree');
    const report = await unpack(archive, root, options);
    await moveIntoPlace(root, target);
    return report;
  } catch (error) {
    throw error instanceof TarError ? notAnArchive(error) : error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The prefix of the directories beside the target. An orphan of a killed process is removed by the next copy there. */
const stagingPrefix = '.belljar-copy-';

function notAnArchive(cause: TarError): CopyError {
  return new CopyError('ARCHIVE_MALFORMED', cause.message, undefined, { cause });
}

async function moveIntoPlace(root: string, target: string): Promise<void> {
  try {
    await rename(root, target);
  } catch (cause) {
    const code = codeOf(cause) ?? '';
    if (!['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR'].includes(code)) throw cause;
    throw new CopyError(
      'TARGET_EXISTS',
      `${target} exists already: remove it first, or name another path.`,
      target,
      { cause },
    );
  }
}

interface Extraction {
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

async function unpack(
  archive: AsyncIterable<Uint8Array>,
  root: string,
  { maxBytes = 2 ** 30, maxEntries = 100_000, unsafe = 'refuse' }: ExtractOptions,
): Promise<ExtractReport> {
  const extraction: Extraction = {
    root,
    options: { maxBytes, maxEntries, unsafe },
    report: { entries: 0, bytes: 0, skipped: [] },
    made: new Map(),
    directoryModes: new Map(),
    prefix: undefined,
  };
  for await (const entry of readTar(archive)) {
    const reason = await addEntry(extraction, entry);
    if (reason !== undefined) leaveOut(extraction, entry, reason);
  }
  if (!extraction.made.has('')) throw new CopyError('ARCHIVE_MALFORMED', 'The archive is empty.');
  for (const [path, mode] of [...extraction.directoryModes].reverse())
    await chmod(onHost(extraction, path), mode | 0o700);
  return extraction.report;
}

function leaveOut({ options, report }: Extraction, entry: TarEntry, reason: string): void {
  const path = printablePath(entry.name);
  if (options.unsafe === 'refuse') {
    throw new CopyError(
      'UNSAFE_ENTRY',
      `Refused to copy ${path} out of the container: ${reason}.`,
      entry.name,
    );
  }
  report.skipped.push({ path: entry.name, reason });
}

/** Makes one entry, or says why it must not be made. */
async function addEntry(extraction: Extraction, entry: TarEntry): Promise<string | undefined> {
  count(extraction, entry);
  const path = pathInTree(extraction, entry);
  if (path === undefined) return 'its name leads out of the tree, or is malformed';
  if (extraction.made.has(path)) return 'the archive holds its name twice';
  const parent = path === '' ? undefined : path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (parent !== undefined && extraction.made.get(parent) !== 'directory')
    return 'its parent is not a directory of the tree';
  try {
    return await makers[entry.type](extraction, path, entry);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'another entry has the same name for this file system';
    throw error;
  }
}

function count({ options, report }: Extraction, entry: TarEntry): void {
  report.entries += 1;
  if (report.entries > options.maxEntries) {
    const message = `The tree has more than ${options.maxEntries} entries. Nothing was copied; { maxEntries } allows more.`;
    throw new CopyError('TOO_MANY_ENTRIES', message, entry.name);
  }
  if (report.bytes + entry.size > options.maxBytes) {
    const message = `The tree has more than ${formatBytes(options.maxBytes)}. Nothing was copied; { maxBytes } allows more.`;
    throw new CopyError('TOO_MANY_BYTES', message, entry.name);
  }
}

/** Returns the path below the root, or undefined for a name that no honest archive of one tree has. */
function pathInTree(extraction: Extraction, { name, type }: TarEntry): string | undefined {
  const clean = type === 'directory' ? name.replace(/\/+$/, '') : name;
  extraction.prefix ??= clean;
  return below(extraction.prefix, clean);
}

function below(prefix: string, name: string): string | undefined {
  if (name === prefix) return prefix.split('/').includes('..') ? undefined : '';
  const start = prefix === '' ? '/' : `${prefix}/`;
  if (!name.startsWith(start)) return undefined;
  const path = name.slice(start.length);
  const isSafe = path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  return isSafe ? path : undefined;
}

function onHost({ root }: Extraction, path: string): Buffer {
  return path === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), encodePath(path)]);
}

type Maker = (extraction: Extraction, path: string, entry: TarEntry) => Promise<string | undefined>;

const refused =
  (what: string): Maker =>
  () =>
    Promise.resolve(what);

const makers: Readonly<Record<TarEntry['type'], Maker>> = {
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
  extraction.made.set(path, 'file');
}

async function makeDirectory(extraction: Extraction, path: string, entry: TarEntry): Promise<undefined> {
  await mkdir(onHost(extraction, path), { mode: 0o700 });
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
