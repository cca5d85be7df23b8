import type Docker from 'dockerode';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { must, oneOf } from '../../support/options/option-checks';
import type { KnownImage } from '../facts';
import type { Findings, ImageReport, VerifyDepth } from './report';
import { verifyBehavior } from './behavior';
import { verifyContent } from './content';
import { verifyIdentity } from './identity';

/** Options of `image.verify()`. */
export interface VerifyOptions {
  /**
   * How thoroughly to check. Default `identity`.
   *
   * - `identity`: the image exists, its name still names it, and tags, layer list and config are unchanged. Takes
   *   milliseconds.
   * - `content`: also, the engine's bytes of the image hash to its digests. Takes about as long as `docker save`.
   * - `behavior`: also, a new container has the same files as one had before. Detects what an engine does not report:
   *   files added to a layer's directory, and modes changed there. Needs an earlier fingerprint.
   */
  depth?: VerifyDepth;
  /** An earlier result of `fingerprint()`, for `behavior`. Default: the first one of the image in this process. */
  fingerprint?: string;
}

const depths: readonly VerifyDepth[] = ['identity', 'content', 'behavior'];

const checks = {
  depth: oneOf(depths),
  fingerprint: must(
    'must be a result of fingerprint(): sha256: and digits',
    (value) => typeof value === 'string',
  ),
} satisfies OptionChecks<VerifyOptions>;

/**
 * Checks whether an image is unchanged. See `Image.verify`.
 *
 * @throws InvalidOptionError if an option is invalid
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
