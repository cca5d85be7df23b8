/**
 * Parses the records of an extended header, `length key=value\n` (POSIX.1-2017, pax, "pax Extended Header"). Values are
 * bytes: extended attributes may hold newlines, and names may have any encoding. Returns undefined if the header is
 * malformed.
 */
export function parsePax(content: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const length = space < 0 ? NaN : Number(content.toString('latin1', at, space));
    const end = at + length;
    const equals = content.indexOf('=', space);
    if (!Number.isSafeInteger(length) || length <= 0 || end > content.length || equals < 0 || equals >= end) {
      return undefined;
    }
    records.set(content.toString('utf8', space + 1, equals), content.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** Makes one record. Its length includes the length's own digits. */
export function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.byteLength(key) + value.length + 3;
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}

const xattrPrefix = 'SCHILY.xattr.';

/** Returns the extended attributes among the records, as GNU tar and Go's archive/tar write them. */
export function xattrsOf(pax: ReadonlyMap<string, Buffer> | undefined): ReadonlyMap<string, Buffer> {
  const xattrs = new Map<string, Buffer>();
  for (const [key, value] of pax ?? []) {
    if (key.startsWith(xattrPrefix)) xattrs.set(key.slice(xattrPrefix.length), value);
  }
  return xattrs;
}
