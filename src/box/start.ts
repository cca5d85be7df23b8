import type { ContainerOptions } from '../container/options';
import { resolveImage } from '../image/resolve';
import { InvalidOptionError } from '../support/errors';
import type { Box } from './box';
import { freshBox } from './stock';
import { currentWitness } from './witness';

/** How a box is started: the container's options, and its image. */
export interface StartOptions extends ContainerOptions {
  /** Image reference. Default `ubuntu:20.04`. */
  image?: string;
}

/**
 * Starts a fresh container. Whoever starts it removes it: `await using box = await startContainer()`, or
 * `await box.remove()`.
 *
 * @param image image reference. Default `ubuntu:20.04`
 * @param options how
 * @throws InvalidOptionError for an option that can't be used
 * @throws EngineError where there is no engine
 * @throws ImageReferenceError, ImageError for a malformed reference, an image that can't be had
 * @throws ContainerError `CONTAINER_NOT_STARTED`
 */
export function startContainer(image?: string, options?: StartOptions): Promise<Box>;
export function startContainer(options?: StartOptions): Promise<Box>;
export async function startContainer(first?: string | StartOptions, second: StartOptions = {}): Promise<Box> {
  const { image, ...options } = startOptions(first, second);
  const resolved = await resolveImage(image, { platform: options.platform });
  return freshBox(resolved, options);
}

/**
 * Runs a function with a fresh container of its own, which is removed however the function ends: for
 * `test.concurrent`, `test.each` and scripts.
 *
 * @param use gets the container; what it returns is returned
 * @param options as for `startContainer`
 */
export async function withContainer<Value>(
  use: (box: Box) => Value | Promise<Value>,
  options: StartOptions = {},
): Promise<Value> {
  await using box = await startContainer(options);
  try {
    return await use(box);
  } catch (error) {
    await currentWitness()?.failed(box, error);
    throw error;
  }
}

/** The two ways to call, made one. */
export function startOptions<Options extends StartOptions>(
  first: string | Options | undefined,
  second: Options,
): Options {
  if (typeof first === 'string') return { ...second, image: first };
  if (first !== undefined && typeof first !== 'object') {
    throw new InvalidOptionError('the image', 'must be an image reference or options', first);
  }
  return first ?? second;
}
