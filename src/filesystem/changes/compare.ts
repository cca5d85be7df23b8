import type { Accounts } from '../accounts';
import { byPath } from '../path';
import type { TreeEntry } from '../tree';
import type { Change, Difference, FileState } from './change';

/** A tree, and the names of its users and groups. */
export interface TreeState {
  tree: ReadonlyMap<string, TreeEntry>;
  accounts: Accounts;
}

/**
 * Compares two trees. Returns the changes, sorted by path. The time and the size of a directory don't count, because
 * they change with what is in it.
 */
export function compareTrees(before: TreeState, after: TreeState): Change[] {
  const changes: Change[] = [];
  for (const [path, entry] of after.tree) {
    const old = before.tree.get(path);
    // Both trees share the object of an entry that was not touched, as most were not.
    if (old === entry) continue;
    const change = old === undefined ? added(path, entry, after) : changed(path, old, entry, before, after);
    if (change !== undefined) changes.push(change);
  }
  for (const [path, entry] of before.tree) {
    if (!after.tree.has(path))
      changes.push({ path, kind: 'deleted', differs: [], before: stateOf(entry, before) });
  }
  changes.sort((a, b) => byPath(a.path, b.path));
  addRenames(changes);
  return changes;
}

function added(path: string, entry: TreeEntry, after: TreeState): Change {
  return { path, kind: 'added', differs: [], after: stateOf(entry, after) };
}

function changed(
  path: string,
  old: TreeEntry,
  entry: TreeEntry,
  before: TreeState,
  after: TreeState,
): Change | undefined {
  const differs = differencesOf(old, entry);
  const isRewritten = differs.length === 0 && entry.type !== 'directory' && old.mtime !== entry.mtime;
  if (differs.length === 0 && !isRewritten) return undefined;
  const kind = isRewritten ? 'rewritten' : 'modified';
  return { path, kind, differs, before: stateOf(old, before), after: stateOf(entry, after) };
}

/** Returns how two entries differ, but for their times. */
export function differencesOf(old: TreeEntry, entry: TreeEntry): Difference[] {
  const pairs: [Difference, unknown, unknown][] = [
    ['type', old.type, entry.type],
    ['mode', old.mode, entry.mode],
    ['owner', old.uid, entry.uid],
    ['group', old.gid, entry.gid],
    ['size', old.size, entry.size],
    ['content', old.sha256, entry.sha256],
    ['target', old.target, entry.target],
    ['device', old.device, entry.device],
    ['xattrs', JSON.stringify(old.xattrs), JSON.stringify(entry.xattrs)],
  ];
  const differs = pairs.filter(([, a, b]) => a !== b).map(([difference]) => difference);
  return hasNewName(old, entry) ? [...differs, 'links'] : differs;
}

/** Whether a file has a new name. A lost name doesn't count: the writable layer only has the names that remain. */
function hasNewName(old: TreeEntry, { linkedWith = [] }: TreeEntry): boolean {
  return linkedWith.some((name) => old.linkedWith?.includes(name) !== true);
}

function stateOf(entry: TreeEntry, { accounts }: TreeState): FileState {
  const state: FileState & { mtime?: number } = { ...entry };
  delete state.mtime;
  const owner = accounts.users.get(entry.uid);
  const group = accounts.groups.get(entry.gid);
  return { ...state, ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}

/** Connects a deleted and an added file with the same content, if there is only one of each. */
function addRenames(changes: Change[]): void {
  const gone = byContent(changes, 'deleted', 'before');
  const come = byContent(changes, 'added', 'after');
  for (const [sha256, [from, otherSource]] of gone) {
    const [to, otherTarget] = come.get(sha256) ?? [];
    if (from === undefined || to === undefined || otherSource !== undefined || otherTarget !== undefined)
      continue;
    from.renamedTo = to.path;
    to.renamedFrom = from.path;
  }
}

function byContent(
  changes: Change[],
  kind: 'added' | 'deleted',
  side: 'before' | 'after',
): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const state = change[side];
    if (change.kind !== kind || state?.sha256 === undefined || state.size === 0) continue;
    found.set(state.sha256, [...(found.get(state.sha256) ?? []), change]);
  }
  return found;
}
