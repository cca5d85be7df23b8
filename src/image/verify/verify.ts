import type Docker from 'dockerode';
import { checkOptions, type OptionChecks } from '../../support/check-options';
import { must, oneOf } from '../../support/option-checks';
import type { KnownImage } from '../facts';
import type { Findings, ImageReport, VerifyDepth } from './report';
import { verifyBehavior } from './behavior';
import { verifyContent } from './content';
import { verifyIdentity } from './identity';

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

const checks = {
  depth: oneOf(depths),
  fingerprint: must(
    'must be what fingerprint() gave: sha256: and digits',
    (value) => typeof value === 'string',
  ),
} satisfies OptionChecks<VerifyOptions>;

/**
 * Looks whether an image is still what it was. See `Image.verify`.
 *
 * @throws InvalidOptionError for an option that can't be used
 */
export async function verifyImage(
  docker: Docker,
  image: KnownImage,
  options: VerifyOptions = {},
): Promise<ImageReport> {
  checkOptions(options, checks);
  const { depth = 'identity', fingerprint } = options;
  const last = depths.indexOf(depth);
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
