import type { StartedContainer } from '../container/started-container';
import type { Image } from '../image/image';
import type { Box } from './box';
import { deriveImage, type DeriveOptions, type ImageSetUp } from './derive';

/** An image in the engine, from which others can be made by changing a container of it. */
export interface DerivableImage extends Image {
  /**
   * The image that a set-up makes of this one, which stays as it is. The first time, the set-up runs in a fresh
   * container, and what it leaves there becomes the image; from then on the engine has it, for every test, worker and
   * later run, until `belljar clean --images`. It is another image where the base, the text of the function or `key` is
   * another. The config - command, variables, user - is the base's. What still runs when the set-up ends is not part of
   * an image, nor is what lies in a volume.
   *
   * @param setUp changes the container that it is given: installs packages, writes files
   * @param options how, and what else the set-up depends on
   * @throws ImageError `IMAGE_NOT_DERIVED` where the set-up fails, with its error as `cause`; nothing is left then
   * @throws InvalidOptionError for an option that can't be used
   * @throws PollTimeoutError `TIMED_OUT` where another process has not made it in time
   */
  derive(setUp: ImageSetUp, options?: DeriveOptions): Promise<DerivableImage>;
}

/** Adds what takes a box to what an image can do by itself. */
export function derivable(image: Image, open: (container: StartedContainer) => Box): DerivableImage {
  return {
    ...image,
    derive: async (setUp, options = {}) => derivable(await deriveImage(image, setUp, options, open), open),
  };
}
