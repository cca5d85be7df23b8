import { checkedPath } from '../../filesystem/checked-path';
import type { FileInfo, FileType } from '../../filesystem/file-info';
import type { Files } from '../../filesystem/files';
import { parentOf, printablePath, trimmed, type ContainerPath } from '../../filesystem/path';
import { codeOf } from '../../support/errors';
import { firstLines } from '../../support/lines';
import { mostSimilar } from '../../support/similar';
import { lsLine, typeText } from './ls-line';

/** What there is at a path, with the evidence of it. */
export interface PathInfo {
  path: string;
  /** Undefined where there is nothing. */
  info: FileInfo | undefined;
  /** In a few words: `a directory`, `nothing`. */
  found: string;
  /** Plain text: the file as `ls -l` shows it, or what is there instead. */
  evidence: string;
}

export interface LookOptions {
  /** Whether symbolic links are followed, inside the container. */
  follow: boolean;
  /** What should be there. */
  wanted: FileType;
  /** Whether to look for evidence too where there is nothing, or something else. */
  explain: boolean;
}

/**
 * Looks at a path. That there is nothing is an answer; that it could not be looked at is not.
 *
 * @throws FileError other than that there is nothing; ContainerError where the container is not running
 */
export async function lookAtPath(files: Files, path: ContainerPath, options: LookOptions): Promise<PathInfo> {
  const text = checkedPath(path, 'stat');
  const info = await statIfThere(files, text, options.follow);
  if (info !== undefined) {
    const isExplained = options.explain && options.follow && info.type !== options.wanted;
    const link = isExplained ? await statIfThere(files, trimmed(text), false) : undefined;
    const way = link?.type === 'symlink' ? `${lsLine(link, trimmed(text))}\nwhich leads to\n` : '';
    return { path: text, info, found: typeText(info.type), evidence: `${way}${lsLine(info, text)}` };
  }
  const why = options.explain ? await explainAbsence(files, text) : { found: 'nothing', evidence: '' };
  return { path: text, info: undefined, ...why };
}

/** What there is at a path, or undefined where there is nothing. */
async function statIfThere(files: Files, path: string, follow: boolean): Promise<FileInfo | undefined> {
  try {
    return await files.stat(path, { follow });
  } catch (error) {
    if (nothingThere.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Nothing of that name; something on the way that is no directory; links that lead in a circle. */
const nothingThere = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

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
    return { found, evidence: `${printablePath(directory)} is no directory:\n  ${lsLine(info, directory)}` };
  }
  const wanted = trimmed(path).slice(directory === '/' ? 1 : directory.length + 1);
  return { found, evidence: describeEntries(directory, await files.list(directory), wanted) };
}

/** The most names of a directory that a message shows. */
const maxNames = 12;

function describeEntries(directory: string, names: readonly string[], wanted: string): string {
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
