import { isChanges, type Change, type Changes, type Difference, type FileState } from './change';
import { modeLetters, typeLetter } from '../mode-letters';
import { printable } from '../../support/printable';
import { byPath, printablePath } from '../path';

/**
 * Formats changes, one line for each path, like a sorted `ls -l`: what happened, type and mode, owner, group, size,
 * path, link target, the beginning of the content's hash. Nothing in it differs from one run to the next: no times, no
 * inodes. Columns have a fixed width, so that one longer name does not move every other line.
 *
 * ```
 * + drwxr-xr-x root     root             - /etc/nginx/
 * + -rw-r--r-- root     root          1077 /etc/nginx/nginx.conf  #b3c9d1a20e6f
 * ~ -rw-r--r-- root     root           934 /etc/group  #0be2c7a15d90  (was size 890, #98ab12cd34ef)
 * - -rw-r--r-- root     root            12 /etc/motd  #5f70bf18a086
 * = -rw-r--r-- root     root           552 /etc/pam.conf  #0d4dd1c2a1b3  (rewritten, nothing changed)
 * ```
 */
export function formatChanges(changes: Changes): string {
  if (changes.length === 0) return '(no changes)';
  return [...changes]
    .sort((a, b) => byPath(a.path, b.path))
    .map(formatChange)
    .join('\n');
}

/** For Jest's `expect.addSnapshotSerializer`: prints what `changes()` returns. */
export const changesSerializer = {
  test: isChanges,
  serialize: formatChanges,
};

const signs = { added: '+', modified: '~', deleted: '-', rewritten: '=' } as const;

function formatChange(change: Change): string {
  const state = change.after ?? change.before;
  if (state === undefined) return `? ${printablePath(change.path)}`;
  const line = `${signs[change.kind]} ${formatState(change.path, state)}`;
  const remarks = remarksOn(change, state);
  const first = remarks.length === 0 ? line : `${line}  (${remarks.join('; ')})`;
  return change.diff === undefined ? first : `${first}\n${indented(change.diff)}`;
}

function formatState(path: string, state: FileState): string {
  const columns = [
    `${typeLetter(state.type)}${modeLetters(state.mode)}`,
    printablePath(state.owner ?? String(state.uid)).padEnd(8),
    printablePath(state.group ?? String(state.gid)).padEnd(8),
    (state.device ?? String(state.size ?? '-')).padStart(9),
    printablePath(path) + (state.type === 'directory' && path !== '/' ? '/' : ''),
  ];
  if (state.target !== undefined) columns.push('->', printablePath(state.target));
  return columns.join(' ') + (state.sha256 === undefined ? '' : `  ${hashOf(state)}`);
}

function remarksOn({ kind, differs, before, renamedFrom, renamedTo }: Change, state: FileState): string[] {
  const remarks: string[] = [];
  if (kind === 'rewritten') remarks.push('rewritten, nothing changed');
  if (kind === 'modified' && before !== undefined) {
    const old = differs.map((difference) => formerly(difference, before)).filter((text) => text !== '');
    if (old.length > 0) remarks.push(`was ${old.join(', ')}`);
  }
  if (renamedFrom !== undefined) remarks.push(`same content as deleted ${printablePath(renamedFrom)}`);
  if (renamedTo !== undefined) remarks.push(`same content as added ${printablePath(renamedTo)}`);
  for (const [name, value] of Object.entries(state.xattrs ?? {}))
    remarks.push(printablePath(`${name}=${value}`));
  if (state.linkedWith !== undefined)
    remarks.push(`same file as ${state.linkedWith.map(printablePath).join(', ')}`);
  return remarks;
}

/** Formats the old side of a difference; '' if it had no such value. */
function formerly(difference: Difference, before: FileState): string {
  return former[difference](before);
}

const former: Readonly<Record<Difference, (before: FileState) => string>> = {
  type: ({ type }) => type,
  mode: ({ mode }) => `mode ${modeLetters(mode)}`,
  owner: ({ owner, uid }) => `owner ${printablePath(owner ?? String(uid))}`,
  group: ({ group, gid }) => `group ${printablePath(group ?? String(gid))}`,
  size: ({ size }) => (size === undefined ? '' : `size ${size}`),
  content: (before) => (before.sha256 === undefined ? '' : hashOf(before)),
  target: ({ target }) => (target === undefined ? '' : `-> ${printablePath(target)}`),
  device: ({ device }) => (device === undefined ? '' : `device ${device}`),
  xattrs: ({ xattrs = {} }) => `xattrs ${printablePath(Object.keys(xattrs).join(' ')) || 'none'}`,
  links: ({ linkedWith }) => (linkedWith === undefined ? 'a file of its own' : ''),
};

function hashOf({ sha256 = '' }: FileState): string {
  return `#${sha256.slice(0, 12)}`;
}

function indented(text: string): string {
  return printable(text.trimEnd()).replace(/^/gm, '    ');
}
