import type { FileInfo, FileType } from '../../filesystem/file-info';
import { modeLetters, typeLetter } from '../../filesystem/mode-letters';
import { printablePath } from '../../filesystem/path';

/** Formats a file as `ls -l` does, without its time: `-rwxr-xr-x root root 21 /opt/tool`. */
export function lsLine(info: FileInfo, path: string): string {
  const { type, mode, uid, gid, owner = uid, group = gid, size, target } = info;
  const arrow = target === undefined ? '' : ` -> ${printablePath(target)}`;
  const names = printablePath(`${owner} ${group}`);
  return `${typeLetter(type)}${modeLetters(mode)} ${names} ${size} ${printablePath(path)}${arrow}`;
}

/** Formats permission bits in both common forms: `0755 -rwxr-xr-x`. */
export function modeText(mode: number, type: FileType): string {
  return `${mode.toString(8).padStart(4, '0')} ${typeLetter(type)}${modeLetters(mode)}`;
}

/** Names a type, with an article. */
export function typeText(type: FileType): string {
  return type === 'symlink' ? 'a symbolic link' : `a ${type.replace('-', ' ')}`;
}
