import type { StartedContainer } from '../container/started-container';
import { inspectImage, type Image } from '../image/image';
import { parseReference, type ImageReference } from '../image/reference/reference';
import { buildImage, type BuildOptions } from '../image/sources/build';
import { resolveImage, type ResolveOptions } from '../image/sources/resolve';
import { brand } from '../support/brand';
import type { Box, DerivableImage } from './box';
import { deriveImage } from './derive';

/** Makes a box of a container. */
type OpenBox = (container: StartedContainer) => Box;

/** The ways to an image. */
export interface Images {
  /**
   * Returns the image that a reference names, made present in the engine: as the engine has it, from an archive among
   * `BELLJAR_IMAGE_ARCHIVE`, or by a pull. For the default image, `BELLJAR_STAND_IN` may name another.
   *
   * @param reference an image reference, or the id of an image in the engine. Default `ubuntu:20.04`
   * @param options whether to pull: `always`, `missing` or `never`; platform, progress and signal of a pull
   * @throws ImageReferenceError for a malformed reference
   * @throws ImageError `IMAGE_NOT_FOUND`, which says what was tried; `IMAGE_NOT_UPDATED` if `pull` is `always` and the
   * pull fails though the engine has an image of that name; `IMAGE_ARCHIVE_UNUSABLE`; `PULL_CANCELED`
   * @throws InvalidOptionError for an option that can't be used
   * @throws EngineError if there is no engine
   */
  resolve(reference?: string, options?: ResolveOptions): Promise<DerivableImage>;
  /**
   * Builds an image from a Dockerfile. Its reference is `belljar/built:` and the beginning of its id. It stays in the
   * engine until `belljar clean --images`. The engine pulls base images that it lacks, with the credentials that
   * `docker login` keeps.
   *
   * @param contextDirectory the directory whose files the Dockerfile may copy, except what its `.dockerignore` names
   * @param options `dockerfile`, `buildArgs`, `target`, `cache`, `pull`, `platform`, `signal`
   * @throws ImageError `BUILDKIT_NEEDED` before the build, if only BuildKit can build the Dockerfile: the message names
   * the lines, and what works instead; `IMAGE_NOT_BUILT`, whose message has the engine's reason and the last lines of
   * the build's output
   * @throws InvalidOptionError for a directory that is not there, or an option that can't be used
   * @throws EngineError if there is no engine
   */
  build(contextDirectory: string, options?: BuildOptions): Promise<DerivableImage>;
  /**
   * Returns the image as the engine has it now; nothing is pulled.
   *
   * @param reference a name or an id
   * @throws ImageError `IMAGE_NOT_FOUND` if the engine has no image of that name
   * @throws EngineError if there is no engine
   */
  inspect(reference: string): Promise<DerivableImage>;
  /**
   * Takes an image reference apart.
   *
   * @param text `ubuntu:20.04`, `alicek106/ubuntu`, `localhost:5000/team/tool@sha256:…`
   * @throws ImageReferenceError for every malformed form, with a code of its own and what was probably meant
   */
  parse(text: string): ImageReference;
}

/**
 * Creates the ways to an image. The images can be derived from.
 *
 * @param open makes a box of a container. It is a parameter because a box itself has such an image.
 */
export function createImages(open: OpenBox): Images {
  return {
    resolve: async (reference, options) => derivable(await resolveImage(reference, options), open),
    build: async (directory, options) => derivable(await buildImage(directory, options), open),
    inspect: async (reference) => derivable(await inspectImage(reference), open),
    parse: parseReference,
  };
}

/**
 * Adds `derive()` to an image, which needs a box.
 *
 * @param open makes a box of a container
 */
export function derivable(image: Image, open: OpenBox): DerivableImage {
  const derive: DerivableImage['derive'] = async (setUp, options = {}) =>
    derivable(await deriveImage(image, setUp, options, open), open);
  return brand({ ...image, derive }, 'image');
}
