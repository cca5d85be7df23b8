import type { OwnImage } from '../image/own-images';
import { formatBytes } from '../support/size';
import { shortId } from '../support/short-id';
import { formatAge } from './ps';
import { formatTable } from './table';

/** One image, as `--json` prints it. */
export interface ImageEntry {
  kind: 'image';
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  /** In bytes, with what it shares with its base. */
  size: number;
  /** What it was made from. */
  from: string;
}

export function imageEntryOf({ id, name, created, size, from }: OwnImage): ImageEntry {
  return { kind: 'image', id, name, created: created.toISOString(), size, from };
}

/** The list for people. */
export function formatImages(images: readonly ImageEntry[], now: Date): string {
  const rows = images.map(({ kind, id, created, size, from, name }) => [
    kind,
    shortId(id),
    formatAge(now.getTime() - Date.parse(created)),
    formatBytes(size),
    from,
    name,
  ]);
  return formatTable([['KIND', 'ID', 'AGE', 'SIZE', 'FROM', 'NAME'], ...rows]);
}
