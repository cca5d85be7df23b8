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
  /** The image's reference in the engine, as Docker prints it: `ubuntu:20.04`. */
  readonly reference: string;
  /** The requested reference, if this image is the stand-in for an image that is not available. */
  readonly standsInFor?: string;
  /**
   * Checks whether the image is unchanged since this object was created.
   *
   * @param options how thoroughly to check. Default `{ depth: 'identity' }`
   * @returns a report, which is `unchanged` only if belljar could check everything and found no difference
   * @throws EngineError if there is no engine
   */
  verify(options?: VerifyOptions): Promise<ImageReport>;
  /**
   * Returns a content hash of the files of a new container of this image: paths, types, modes, owners, link targets,
   * extended attributes and contents, without times. `verify({ depth: 'behavior' })` compares with the first
   * fingerprint of the image in this process.
   *
   * @returns `sha256:…`
   */
  fingerprint(): Promise<string>;
}

/**
 * Returns the image as the engine has it now, without pulling it.
 *
 * @param reference a name or an id
 * @throws ImageError `IMAGE_NOT_FOUND` if the engine does not have the image
 * @throws EngineError if there is no engine
 */
export async function inspectImage(reference: string): Promise<Image> {
  const image = await imageIfThere(reference);
  if (image === undefined) {
    throw new ImageError('IMAGE_NOT_FOUND', `The engine has no image ${reference}.`);
  }
  return image;
}

/** Works as {@link inspectImage}, but returns undefined if the engine does not have the image. */
export async function imageIfThere(reference: string): Promise<Image | undefined> {
  const { docker } = await connectEngine();
  const facts = await readFacts(docker, reference);
  return facts && createImage(docker, reference, facts);
}

/** Creates the object that users get for an image, bound to the image's engine. */
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
