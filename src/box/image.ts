import type { StartedContainer } from '../container/started-container';
import { inspectImage, type Image } from '../image/image';
import { buildImage, type BuildOptions } from '../image/sources/build';
import { resolveImage, type ResolveOptions } from '../image/sources/resolve';
import { brand } from '../support/brand';
import type { Box, DerivableImage } from './box';
import { deriveImage } from './derive';

/** Makes a box of a container. */
type OpenBox = (container: StartedContainer) => Box;

/** The ways to an image. */
export interface Images {
  /** The image that a reference names, made present in the engine. See `resolveImage`. */
  resolve(reference?: string, options?: ResolveOptions): Promise<DerivableImage>;
  /** An image built from a Dockerfile. See `buildImage`. */
  build(contextDirectory: string, options?: BuildOptions): Promise<DerivableImage>;
  /** The image as the engine has it now; nothing is fetched. See `inspectImage`. */
  inspect(reference: string): Promise<DerivableImage>;
}

/**
 * Returns the ways to an image from which others can be derived.
 *
 * @param open makes a box of a container. It is handed in because a box has such an image itself.
 */
export function createImages(open: OpenBox): Images {
  return {
    resolve: async (reference, options) => derivable(await resolveImage(reference, options), open),
    build: async (directory, options) => derivable(await buildImage(directory, options), open),
    inspect: async (reference) => derivable(await inspectImage(reference), open),
  };
}

/**
 * Returns an image that has beside all that an image can do by itself what takes a box: to derive others.
 *
 * @param open makes a box of a container
 */
export function derivable(image: Image, open: OpenBox): DerivableImage {
  const derive: DerivableImage['derive'] = async (setUp, options = {}) =>
    derivable(await deriveImage(image, setUp, options, open), open);
  return brand({ ...image, derive }, 'image');
}
