import type { StartedContainer } from '../../container/started-container';
import type { Change, Changes } from './change';
import { readLayer, type LayerSource, type LayerState } from './layer';
import { manifestOf } from './manifest';
import { addDiffs } from './text-diff';

/** Finds out which lines of text files changed. Returns unified diffs by path. */
type FindLines = (changes: Changes) => Promise<ReadonlyMap<string, string>>;

/** The property under which a list of changes has it. A global symbol crosses Jest's module registries. */
const linesName = Symbol.for('belljar.changedLines');

/**
 * Lets the lines of a list of changes be found later, for a failure's message: most lists are never printed.
 *
 * @param before the state that the changes are compared with. Undefined: the image's
 * @param source the only way to read the layer. Default: the quickest that works
 */
export function withLines<List extends Changes>(
  list: List,
  container: StartedContainer,
  before: LayerState | undefined,
  source: LayerSource | undefined,
): List {
  const value: FindLines = (changes) => findLines(changes, container, before, source);
  return Object.defineProperty(list, linesName, { value });
}

/**
 * Returns unified diffs of modified text files, by path: of those whose content was not given up or changed again since
 * the list was made.
 *
 * @param list what `changes()` or `changesDuring()` returned
 * @param some the changes to find the diffs of
 */
export async function linesOf(list: Changes, some: Changes): Promise<ReadonlyMap<string, string>> {
  const find = (list as unknown as Record<symbol, FindLines | undefined>)[linesName];
  const unknown = some.filter(({ diff, differs }) => diff === undefined && differs.includes('content'));
  if (find === undefined || unknown.length === 0) return new Map();
  // The container may be gone by now. The failure that asks is to be reported all the same.
  return find(unknown).catch(() => new Map<string, string>());
}

async function findLines(
  changes: Changes,
  container: StartedContainer,
  before: LayerState | undefined,
  source: LayerSource | undefined,
): Promise<ReadonlyMap<string, string>> {
  const [{ tree: image }, after] = await Promise.all([
    manifestOf(container.image.id),
    readLayer(container, true, source),
  ]);
  const hasBoth = ({ path, before: old, after: now }: Change): boolean =>
    (before?.contents.has(path) === true || image.get(path)?.sha256 === old?.sha256) &&
    after.tree.get(path)?.sha256 === now?.sha256;
  const copies = changes.filter(hasBoth).map((change) => ({ ...change }));
  await addDiffs(copies, container.image.id, before, after);
  return new Map(copies.flatMap(({ path, diff }) => (diff === undefined ? [] : [[path, diff] as const])));
}
