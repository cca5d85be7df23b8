import { isUtf8 } from 'node:buffer';
import { createTwoFilesPatch } from 'diff';
import type Docker from 'dockerode';
import { readArchived } from '../archive';
import { printablePath } from '../path';
import { contentLimitBytes } from '../tree';
import type { Change, FileState } from './change';
import type { LayerState } from './layer';
import { withUntouchedContainer } from './manifest';

/**
 * Adds a unified diff to every change of a text file's content.
 *
 * @param before contents that the container itself had before; other contents come from the image
 */
export async function addDiffs(
  changes: Change[],
  imageId: string,
  before: LayerState | undefined,
  after: LayerState,
): Promise<void> {
  const wanted = changes.filter(hasOtherContent);
  const fromImage = wanted.filter(
    ({ path, before: old }) => isSmallFile(old) && before?.contents.has(path) !== true,
  );
  const old = new Map(before?.contents);
  if (fromImage.length > 0) {
    await withUntouchedContainer(imageId, (container) => addContents(old, container, fromImage));
  }
  for (const change of wanted) {
    const texts = [
      textOf(change.before, old.get(change.path)),
      textOf(change.after, after.contents.get(change.path)),
    ];
    const [oldText, newText] = texts;
    if (oldText !== undefined && newText !== undefined) change.diff = unifiedDiff(change, oldText, newText);
  }
}

function hasOtherContent({ before, after }: Change): boolean {
  if (before?.type !== 'file' && after?.type !== 'file') return false;
  return before?.sha256 !== after?.sha256;
}

function isSmallFile(state: FileState | undefined): boolean {
  return state?.type === 'file' && (state.size ?? 0) <= contentLimitBytes;
}

async function addContents(
  contents: Map<string, Buffer>,
  container: Docker.Container,
  changes: Change[],
): Promise<void> {
  for (const { path } of changes) contents.set(path, await readArchived(container, path, contentLimitBytes));
}

/** Returns the text of one side: '' if there is no regular file, undefined if it is not text or is too long. */
function textOf(state: FileState | undefined, content: Buffer | undefined): string | undefined {
  if (state?.type !== 'file') return '';
  if (content === undefined || content.includes(0) || !isUtf8(content)) return undefined;
  return content.toString();
}

function unifiedDiff({ path, before, after }: Change, oldText: string, newText: string): string {
  const name = printablePath(path);
  const from = before?.type === 'file' ? name : '/dev/null';
  const to = after?.type === 'file' ? name : '/dev/null';
  const patch = createTwoFilesPatch(from, to, oldText, newText, undefined, undefined, { context: 3 });
  // Before the diff comes a title that patch(1) doesn't need.
  return patch.slice(patch.indexOf('--- '));
}
