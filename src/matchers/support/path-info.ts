import { checkedPath } from '../../filesystem/checked-path';
import type { FileInfo, FileType } from '../../filesystem/file-info';
import type { Files } from '../../filesystem/files';
import { parentOf, printablePath, trimmed, type ContainerPath } from '../../filesystem/path';
import { codeOf } from '../../support/errors';
import { firstLines } from '../../support/lines';
import { mostSimilar } from '../../support/options/similar';
import { lsLine, typeText } from './ls-line';

/** The file at a path, or its absence, with the evidence. */
export interface PathInfo {
  path: string;
  /** Undefined if the path does not exist. */
  info: FileInfo | undefined;
  /** What is at the path, in a few words: `a directory`, `nothing`. */
  found: string;
  /** Plain text: the file as `ls -l` shows it, or what exists instead. */
  evidence: string;
}

export interface PathInfoOptions {
  /** Whether symbolic links are followed, inside the container. */
  follow: boolean;
  /** The type that the path should have. */
  wanted: FileType;
  /** Whether to gather evidence if the path does not exist or has another type. */
  explain: boolean;
}

/**
 * Reads what is at a path. A path that does not exist is a result; a path that can't be read is an error.
 *
 * @throws FileError if the path can't be read; ContainerError if the container is not running
 */
export async function readPathInfo(
  files: Files,
  path: ContainerPath,
  options: PathInfoOptions,
): Promise<PathInfo> {
  const text = checkedPath(path, 'stat');
  const info = await statIfThere(files, text, options.follow);
  if (info !== undefined) {
    const isExplained = options.explain && options.follow && info.type !== options.wanted;
    const link = isExplained ? await statIfThere(files, trimmed(text), false) : undefined;
    const prefix = link?.type === 'symlink' ? `${lsLine(link, trimmed(text))}\nwhich leads to\n` : '';
    return { path: text, info, found: typeText(info.type), evidence: `${prefix}${lsLine(info, text)}` };
  }
  const why = options.explain ? await explainAbsence(files, text) : { found: 'nothing', evidence: '' };
  return { path: text, info: undefined, ...why };
}

/** Returns what is at a path, or undefined if the path does not exist. */
async function statIfThere(files: Files, path: string, follow: boolean): Promise<FileInfo | undefined> {
  try {
    return await files.stat(path, { follow });
  } catch (error) {
    if (absenceCodes.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** No such name; a parent that is not a directory; links that lead in a circle. */
const absenceCodes = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

async function explainAbsence(files: Files, path: string): Promise<Pick<PathInfo, 'found' | 'evidence'>> {
  const link = await statIfThere(files, trimmed(path), false);
  if (link?.type === 'symlink') {
    return { found: 'a symbolic link that leads to nothing', evidence: lsLine(link, trimmed(path)) };
  }
  let directory = trimmed(path);
  let info: FileInfo | undefined;
  while (info === undefined) {
    directory = parentOf(directory);
    info = await statIfThere(files, directory, true);
  }
  const found = 'nothing';
  if (info.type !== 'directory') {
    return {
      found,
      evidence: `${printablePath(directory)} is not a directory:\n  ${lsLine(info, directory)}`,
    };
  }
  const wanted = trimmed(path).slice(directory === '/' ? 1 : directory.length + 1);
  return { found, evidence: formatEntries(directory, await files.list(directory), wanted) };
}

/** Maximum number of names of a directory that a message shows. */
const maxNames = 12;

function formatEntries(directory: string, names: readonly string[], wanted: string): string {
  const place = printablePath(directory);
  const [name = '', ...below] = wanted.split('/').filter((part) => part !== '');
  const missing =
    below.length === 0 ? '' : `There is no ${printablePath(`${place === '/' ? '' : directory}/${name}`)}. `;
  if (names.length === 0) return `${missing}${place} is empty.`;
  const similar = mostSimilar(name, names).map(printablePath);
  const shown = firstLines(names.map(printablePath), maxNames).map((line) => `  ${line}`);
  const hint = similar.length === 0 ? [] : [`  Similar: ${similar.join(', ')}`];
  return [`${missing}${place} has:`, ...shown, ...hint].join('\n');
}
