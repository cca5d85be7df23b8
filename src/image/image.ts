import type Docker from 'dockerode';
import { connectEngine } from '../engine/connect/connection';
import { brand, isOfKind } from '../support/brand';
import { ImageError } from './errors';
import { readFacts, type ImageFacts } from './facts';
import { imageFingerprint } from './verify/fingerprint';
import type { ImageReport } from './verify/report';
import { verifyImage, type VerifyOptions } from './verify/verify';

/** An image in the engine: read-only layers plus a config, identified by the config's digest. */
export interface Image extends ImageFacts {
  /** The reference it is in the engine by, as Docker prints it: `ubuntu:20.04`. */
  readonly reference: string;
  /** Set where this image stands in for another that could not be had: the reference that was asked for. */
  readonly standsInFor?: string;
  /**
   * Looks whether the image is still what it was when this object was made.
   *
   * @param options how closely to look. Default `{ depth: 'identity' }`
   * @returns a report; it is `unchanged` only where everything could be looked at and nothing differs
   * @throws EngineError where there is no engine
   */
  verify(options?: VerifyOptions): Promise<ImageReport>;
  /**
   * A content hash of the files that a new container of this image has: paths, types, modes, owners, link targets,
   * extended attributes and contents, without times. The first one that is taken of an image in this process is what
   * `verify({ depth: 'behavior' })` compares with.
   *
   * @returns `sha256:…`
   */
  fingerprint(): Promise<string>;
}

/**
 * The image as the engine has it now.
 *
 * @param reference a name or an id
 * @throws ImageError `IMAGE_NOT_FOUND` where the engine has none of that name; nothing is pulled
 * @throws EngineError where there is no engine
 */
export async function inspectImage(reference: string): Promise<Image> {
  const image = await imageIfThere(reference);
  if (image === undefined) {
    throw new ImageError('IMAGE_NOT_FOUND', `The engine has no image ${reference}.`);
  }
  return image;
}

/** The same, or undefined where the engine has none of that name. */
export async function imageIfThere(reference: string): Promise<Image | undefined> {
  const { docker } = await connectEngine();
  const facts = await readFacts(docker, reference);
  return facts && createImage(docker, reference, facts);
}

/** An image as users hold it, bound to the engine that it was found in. */
export function createImage(
  docker: Docker,
  reference: string,
  facts: ImageFacts,
  standsInFor?: string,
): Image {
  const named = { ...facts, reference };
  const image: Image = {
    ...named,
    ...(standsInFor === undefined ? {} : { standsInFor }),
    verify: (options) => verifyImage(docker, named, options),
    fingerprint: () => imageFingerprint(docker, facts.id),
  };
  return brand(image, 'image');
}

/** Returns whether something is an image of belljar's. */
export function isImage(value: unknown): value is Image {
  return isOfKind(value, 'image');
}
