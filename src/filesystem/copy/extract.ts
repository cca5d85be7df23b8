import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeOrphanedTemporaries, temporaryName } from '../../ownership/temporary-files';
import { codeOf } from '../../support/errors';
import { formatBytes } from '../../support/size';
import { CopyError, TarError } from '../errors';
import { printablePath } from '../path';
import { readTar, type TarEntry } from '../tar/read';
import { below, makers, onHost, type Extraction } from './make-entry';
import { defaultMaxBytes, type ExtractOptions, type ExtractReport } from './options';

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

async function unpack(
  archive: AsyncIterable<Uint8Array>,
  root: string,
  { maxBytes = defaultMaxBytes, maxEntries = 100_000, unsafe = 'refuse' }: ExtractOptions,
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
