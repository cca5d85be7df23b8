import { isUtf8 } from 'node:buffer';

/**
 * A path in a container. Names on Linux are bytes. If they aren't UTF-8, each byte that can't be decoded stands in the
 * string as one unit from U+DC80 to U+DCFF (Python's `surrogateescape`, PEP 383). So every name that belljar returns
 * can be passed to it again. A Buffer is taken as it is.
 */
export type ContainerPath = string | Buffer;

/** Decodes the bytes of a name, see {@link ContainerPath}. */
export function decodePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  let text = '';
  for (let at = 0; at < buffer.length;) {
    const piece = buffer.subarray(at, at + sequenceLength(buffer[at] ?? 0));
    const valid = isUtf8(piece);
    text += valid ? piece.toString() : String.fromCharCode(0xdc00 + (buffer[at] ?? 0));
    at += valid ? piece.length : 1;
  }
  return text;
}

/** Encodes a path: the reverse of {@link decodePath}. */
export function encodePath(path: string): Buffer {
  if (isPlain(path)) return Buffer.from(path);
  return Buffer.concat(
    path
      .split(/([\udc80-\udcff])/u)
      .map((part) =>
        escapedByte.test(part) ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part),
      ),
  );
}

const escapedByte = /^[\udc80-\udcff]$/u;

/** Whether a path is UTF-8, without a byte that had to be escaped. */
export function isPlain(path: string): boolean {
  return !/[\udc80-\udcff]/u.test(path);
}

/**
 * Formats a path on one line. Control characters, characters that change the direction of text, backslashes and
 * undecodable bytes appear as `ls -b` shows them.
 */
export function printablePath(path: string): string {
  return path.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\\') return '\\\\';
    if (character === '\n') return '\\n';
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const unprintable =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\udc80-\udcff]/gu;

/** Returns the directory that an absolute path is in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** Removes slashes at the end. */
export function trimmed(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}

/** Returns whether an absolute path is a directory, whose path is absolute too, or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  const base = trimmed(directory);
  return base === '/' || path === base || path.startsWith(`${base}/`);
}

/** Compares by code units, which is the same on every machine. */
export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
