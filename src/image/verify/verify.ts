import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import type { KnownImage } from '../facts';
import type { Findings, ImageReport, VerifyDepth } from './report';
import { verifyBehavior } from './behavior';
import { verifyContent } from './content';
import { verifyIdentity } from './identity';

export type { ImageDifference, ImageReport, VerifyDepth } from './report';

/** How closely an image is looked at. */
export interface VerifyOptions {
  /**
   * How closely to look. Default `identity`.
   *
   * - `identity`: the image is there, its name still means it, tags, layer list and config are the same. Milliseconds.
   * - `content`: and every byte that the engine gives of it hashes to its digest. About as long as `docker save`.
   * - `behavior`: and a new container of it has the files that one had before. Sees what an engine doesn't give away:
   *   files slipped into a layer's directory, modes changed there. Needs a fingerprint from before.
   */
  depth?: VerifyDepth;
  /** What `fingerprint()` gave before, for `behavior`. Default: the first that this process took of the image. */
  fingerprint?: string;
}

const depths: readonly VerifyDepth[] = ['identity', 'content', 'behavior'];

/**
 * Looks whether an image is still what it was. See `Image.verify`.
 *
 * @throws InvalidOptionError for another depth
 */
export async function verifyImage(
  docker: Docker,
  image: KnownImage,
  { depth = 'identity', fingerprint }: VerifyOptions = {},
): Promise<ImageReport> {
  const last = depths.indexOf(depth);
  if (last === -1) throw new InvalidOptionError('depth', `must be one of ${depths.join(', ')}`, depth);
  const identity = await verifyIdentity(docker, image);
  const findings: Findings[] = [identity];
  const isThere = !identity.differences.some(({ kind }) => kind === 'removed');
  if (isThere && last >= 1) findings.push(await verifyContent(docker, image));
  if (isThere && last >= 2) findings.push(await verifyBehavior(docker, image, fingerprint));
  const differences = findings.flatMap((each) => each.differences);
  return {
    unchanged: differences.length === 0,
    depth,
    reference: image.reference,
    id: image.id,
    differences,
    evidence: findings.flatMap((each) => each.evidence),
  };
}
