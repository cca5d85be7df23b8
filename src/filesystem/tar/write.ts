import { encodePath } from '../path';
import { paxRecord } from './pax';

/** The fields of an archive's member. */
export interface TarHeader {
  name: string;
  type: 'file' | 'directory' | 'symlink' | 'hardlink';
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of the body, for a file. */
  size?: number;
  /** Seconds since 1970. */
  mtime: number;
  /** The target of a link. */
  target?: string;
}

const flags = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;

/** The end of an archive. */
export const endOfArchive = Buffer.alloc(1024);

/** Makes a member's header: ustar, after a pax extended header if ustar has no room for a value. */
export function tarHeader(header: TarHeader): Buffer {
  const name = encodePath(header.name);
  const target = encodePath(header.target ?? '');
  const size = header.size ?? 0;
  const records: Buffer[] = [];
  if (name.length > 100) records.push(paxRecord('path', name));
  if (target.length > 100) records.push(paxRecord('linkpath', target));
  if (size > 0o77777777777) records.push(paxRecord('size', Buffer.from(String(size))));
  for (const key of ['uid', 'gid'] as const) {
    if (header[key] > 0o7777777) records.push(paxRecord(key, Buffer.from(String(header[key]))));
  }
  const block = headerBlock({ ...header, name, target, size, flag: flags[header.type] });
  if (records.length === 0) return block;
  const content = Buffer.concat(records);
  const extension = headerBlock({
    name: Buffer.from('PaxHeader'),
    target: Buffer.alloc(0),
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: header.mtime,
    flag: 'x',
  });
  return Buffer.concat([extension, content, tarPadding(content.length), block]);
}

/** Returns the bytes that fill a body of this size to whole blocks. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512);
}

interface Block {
  name: Buffer;
  target: Buffer;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: number;
  flag: string;
}

function headerBlock({ name, target, mode, uid, gid, size, mtime, flag }: Block): Buffer {
  const block = Buffer.alloc(512);
  name.copy(block, 0, 0, 100);
  block.write(octal(mode & 0o7777, 7), 100);
  block.write(octal(uid, 7), 108);
  block.write(octal(gid, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(Math.max(0, Math.floor(mtime)), 11), 136);
  block.write('        ', 148);
  block.write(flag, 156);
  target.copy(block, 157, 0, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

/** Formats as many octal digits as fit. A value that doesn't fit is in the extended header. */
function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0').slice(-digits);
}
