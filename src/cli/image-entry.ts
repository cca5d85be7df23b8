import type { OwnImage } from '../image/own-images';
import { formatBytes } from '../support/size';
import { shortId } from '../support/short-id';
import { formatAge } from './ps';
import { formatTable } from './table';

/** An image, as `--json` prints it. */
export interface ImageEntry {
  kind: 'image';
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  /** In bytes, with the layers of its base. */
  size: number;
  /** The base image, or `Dockerfile`. */
  from: string;
}

export function imageEntryOf({ id, name, created, size, from }: OwnImage): ImageEntry {
  return { kind: 'image', id, name, created: created.toISOString(), size, from };
}

/** Formats the list for people. */
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
