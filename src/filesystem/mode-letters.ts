import type { FileType } from './file-info';

/** Returns the first letter that `ls -l` shows (POSIX, "ls"). */
export function typeLetter(type: FileType): string {
  return typeLetters[type];
}

/** Returns the nine letters after it: `rwsr-xr-t`. Set-user-id, set-group-id and sticky stand in place of an x. */
export function modeLetters(mode: number): string {
  return [
    triplet(mode >> 6, mode & 0o4000, 's'),
    triplet(mode >> 3, mode & 0o2000, 's'),
    triplet(mode, mode & 0o1000, 't'),
  ].join('');
}

const typeLetters: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
};

function triplet(bits: number, special: number, letter: string): string {
  const execute = (bits & 1) === 1;
  const last = special === 0 ? (execute ? 'x' : '-') : execute ? letter : letter.toUpperCase();
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
}
