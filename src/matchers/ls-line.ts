import type { FileInfo, FileType } from '../filesystem/file-info';
import { printablePath } from '../filesystem/path';

/** A file as `ls -l` shows it, without its time: `-rwxr-xr-x root root 21 /opt/tool`. */
export function lsLine(info: FileInfo, path: string): string {
  const { type, mode, uid, gid, owner = uid, group = gid, size, target } = info;
  const arrow = target === undefined ? '' : ` -> ${printablePath(target)}`;
  return `${letters[type]}${permissions(mode)} ${owner} ${group} ${size} ${printablePath(path)}${arrow}`;
}

/** Permission bits in both common forms: `0755 -rwxr-xr-x`. */
export function modeText(mode: number, type: FileType): string {
  return `${mode.toString(8).padStart(4, '0')} ${letters[type]}${permissions(mode)}`;
}

/** What a type is called, with its article. */
export function typeText(type: FileType): string {
  return type === 'symlink' ? 'a symbolic link' : `a ${type.replace('-', ' ')}`;
}

/** The first letter that `ls -l` shows (POSIX, "ls"). */
const letters: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
};

/** The nine letters after it: set-user-id, set-group-id and sticky stand in place of an x. */
function permissions(mode: number): string {
  return [
    triplet(mode >> 6, mode & 0o4000, 's'),
    triplet(mode >> 3, mode & 0o2000, 's'),
    triplet(mode, mode & 0o1000, 't'),
  ].join('');
}

function triplet(bits: number, special: number, letter: string): string {
  const execute = (bits & 1) === 1;
  const last = special === 0 ? (execute ? 'x' : '-') : execute ? letter : letter.toUpperCase();
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
}
