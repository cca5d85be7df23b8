import { createHash } from 'node:crypto';
import { connectEngine } from '../engine/connect/connection';
import { imageIfThere, type Image } from '../image/image';
import { ownImages } from '../image/own-images';
import { areSourcesUnchanged } from './copied-sources';

const { label, repository } = ownImages.derived;

/** The label with the hash of base, function and key. */
const hashLabel = `${label}.hash`;
/** The label with what the set-up copied in from the host; empty if nothing. */
const sourcesLabel = `${label}.sources`;

/**
 * Finds the image that a set-up has made before. Several images may have one hash: one for each content of what the
 * set-up copied in from the host. The image whose content the host has now is the right one.
 *
 * @param hash of base, function and key
 */
export async function findDerived(hash: string): Promise<Image | undefined> {
  const found = await imageIfThere(referenceOf(hash));
  if (found !== undefined) return found;
  const { docker } = await connectEngine();
  const candidates = await docker.listImages({ filters: { label: [`${hashLabel}=${hash}`] } });
  for (const { Labels } of candidates) {
    const sources = Labels[sourcesLabel] ?? '';
    // An image of another name, built on a derived one, has its labels.
    const image = sources === '' ? undefined : await imageIfThere(referenceOf(hash, sources));
    if (image !== undefined && (await areSourcesUnchanged(sources))) return image;
  }
  return undefined;
}

/** The name and the labels of a derived image. */
export interface DerivedName {
  reference: string;
  labels: Readonly<Record<string, string>>;
}

/**
 * Names the image that a set-up has made. All labels are set, because an image inherits those of a derived base.
 *
 * @param base the reference of the base
 * @param sources what the set-up copied in from the host, if anything
 */
export function nameDerived(hash: string, base: string, sources?: string): DerivedName {
  return {
    reference: referenceOf(hash, sources),
    labels: { [label]: base, [hashLabel]: hash, [sourcesLabel]: sources ?? '' },
  };
}

function referenceOf(hash: string, sources?: string): string {
  if (sources === undefined) return `${repository}:${hash}`;
  return `${repository}:${hash}-${createHash('sha256').update(sources).digest('hex').slice(0, 12)}`;
}
