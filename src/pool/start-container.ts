import { containerChecks, type ContainerOptions } from '../container/options';
import { checkTogether } from '../container/options/together';
import { isImage, type Image } from '../image/image';
import { pullPolicy, resolveImage, type PullPolicy } from '../image/sources/resolve';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import { must } from '../support/options/option-checks';
import type { Box } from '../box/box';
import { callSite, type CallSite } from '../support/call-site';
import { trackStart } from './calls';
import { freshBox } from './warm-pool';
import { currentTestObserver } from './test-observer';

/** An image reference, an image, or a function that returns either; belljar calls it when a container starts. */
export type ImageChoice = string | Image | (() => string | Image | Promise<string | Image>);

/** How belljar starts a container: the container's options, and its image. */
export interface StartOptions extends ContainerOptions {
  /** An image reference; an image, such as a derived one; or a function that returns either. Default `ubuntu:20.04`. */
  image?: ImageChoice;
  /**
   * Whether belljar asks the image's registry: `missing` if the engine does not have the image; `always` once in each
   * process of a run, such as a Jest worker; `never` not at all. Default `missing`.
   */
  pull?: PullPolicy;
}

const imageProblem = 'must be an image reference, an image or a function that returns one';

export const startChecks = {
  ...containerChecks,
  image: must(imageProblem, isImageChoice),
  pull: pullPolicy,
} satisfies OptionChecks<StartOptions>;

/**
 * Starts a fresh container. The caller removes it: `await using box = await startContainer()`, or `await box.remove()`.
 *
 * @param image as `options.image`. Default `ubuntu:20.04`
 * @param options how belljar starts the container
 * @throws InvalidOptionError for an option that can't be used
 * @throws EngineError if there is no engine
 * @throws ImageReferenceError, ImageError for a malformed reference, an image that can't be had
 * @throws ContainerError `CONTAINER_NOT_STARTED`
 */
export function startContainer(image?: ImageChoice, options?: StartOptions): Promise<Box>;
export function startContainer(options?: StartOptions): Promise<Box>;
export async function startContainer(
  first?: ImageChoice | StartOptions,
  second: StartOptions = {},
): Promise<Box> {
  const site = callSite(startContainer);
  return trackStart(site, 'startContainer', startWith(startOptions(first, second), site));
}

/**
 * Does what `startContainer()` does, with all of its arguments as options.
 *
 * @param site the user's call, if the user is to remove the container
 */
export async function startWith(start: StartOptions, site?: CallSite): Promise<Box> {
  checkOptions(start, startChecks);
  checkTogether(start);
  const { image, pull, ...options } = start;
  return freshBox(await chosenImage(image, { ...options, pull }), options, site);
}

/**
 * Runs a function with a fresh container, and removes the container when the function ends, even if it throws. For
 * `test.concurrent`, `test.each` and scripts.
 *
 * @param use gets the container
 * @param options as for `startContainer`
 * @returns what `use` returns
 * @throws what `use` throws, and what `startContainer()` throws
 */
export async function withContainer<Value>(
  use: (box: Box) => Value | Promise<Value>,
  options: StartOptions = {},
): Promise<Value> {
  await using box = await trackStart(callSite(withContainer), 'withContainer', startWith(options));
  try {
    return await use(box);
  } catch (error) {
    await currentTestObserver()?.failed(box, error);
    throw error;
  }
}

/** Makes one options object of the two ways to call: with an image first, or with options alone. */
export function startOptions<Options extends StartOptions>(
  first: ImageChoice | Options | undefined,
  second: Options,
): Options {
  if (first === undefined) return second;
  if (isImageChoice(first)) return { ...second, image: first };
  if (typeof first !== 'object') {
    throw new InvalidOptionError('the image', 'must be an image reference, an image or options', first);
  }
  return first;
}

function isImageChoice(value: unknown): value is ImageChoice {
  return typeof value === 'string' || typeof value === 'function' || isImage(value);
}

/**
 * Returns the image that an option names.
 *
 * @throws InvalidOptionError if an image is to be pulled that the engine has already
 */
export async function chosenImage(
  choice: ImageChoice | undefined,
  { platform, pull }: Pick<StartOptions, 'platform' | 'pull'>,
): Promise<Image> {
  const chosen = typeof choice === 'function' ? await choice() : choice;
  if (chosen === undefined || typeof chosen === 'string') return resolveImage(chosen, { platform, pull });
  if (isImage(chosen) && pull === 'always')
    throw new InvalidOptionError(
      'pull',
      "can't be 'always' for an image that belljar has found already. Give it to Image.resolve(name, { pull })",
      pull,
    );
  if (isImage(chosen)) return chosen;
  throw new InvalidOptionError('image', imageProblem, chosen);
}
