import type Docker from 'dockerode';
import { ImageName } from 'testcontainers';
import { connectEngine } from '../../engine/connect/connection';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { InvalidOptionError } from '../../support/errors';
import { oneOf } from '../../support/options/option-checks';
import { archivePaths, listArchive, loadArchive } from './archive';
import { ImageError } from '../errors';
import { readFacts, type ImageFacts } from '../facts';
import { createImage, type Image } from '../image';
import { notFound, notUpdated, type FailedStep } from './not-found';
import { isPlatform } from '../platform';
import { pullChecks, pullImage, type PullOptions } from './pull';
import { isSameReference, parseReference } from '../reference/reference';

/** The image of containers whose options do not name an image. */
export const defaultImage = 'ubuntu:20.04';

/** The source of an image. */
type ImageSource = 'present' | 'archive' | 'stand-in' | 'pull';

/** How belljar would resolve an image now. */
export interface ImagePlan {
  readonly source: ImageSource;
  /** The reference that would be used: that of the stand-in, or the one with the prefix, if they apply. */
  readonly reference: string;
  /** The archive's path, if `source` is `archive`. */
  readonly archive?: string;
}

/**
 * Whether belljar asks an image's registry:
 *
 * - `missing`: if the engine does not have the image;
 * - `always`: once in each process of a run, even if the engine has the image, and nothing else will do;
 * - `never`: not at all.
 */
export type PullPolicy = 'always' | 'missing' | 'never';

/** Whether the image is pulled, and the options of the pull. */
export interface ResolveOptions extends PullOptions {
  /** Default `missing`. An image's id can't be pulled, so `always` needs a name. */
  pull?: PullPolicy;
}

export const pullPolicy = oneOf(['always', 'missing', 'never'] satisfies PullPolicy[]);

const checks = { ...pullChecks, pull: pullPolicy } satisfies OptionChecks<ResolveOptions>;

/**
 * Makes an image available in the engine and returns it. belljar tries in this order:
 *
 * 1. The engine's images.
 * 2. The archives of `BELLJAR_IMAGE_ARCHIVE`; belljar loads an archive that contains the image.
 * 3. For the default image only: the stand-in that `BELLJAR_STAND_IN` names, if the engine has it. belljar does not ask
 *    a registry then, so that workers do not wait for a registry that may be missing. The image keeps its own name;
 *    `standsInFor` is the requested one.
 * 4. A pull. As in testcontainers, `TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX` applies: the image then has the name with the
 *    prefix, in the engine too.
 *
 * With `pull: 'never'`, belljar leaves out the pull. With `pull: 'always'`, belljar only pulls, once in this process;
 * then the image is the engine's.
 *
 * Concurrent calls for the same image share one search.
 *
 * @param reference an image reference, or the id of an image in the engine. Default `ubuntu:20.04`
 * @param options whether to pull; platform, progress and signal of a pull
 * @throws ImageReferenceError if the reference is malformed
 * @throws ImageError `IMAGE_NOT_FOUND`, whose message says what belljar tried; `IMAGE_NOT_UPDATED`;
 * `IMAGE_ARCHIVE_UNUSABLE`; `PULL_CANCELED`
 * @throws InvalidOptionError if an option is invalid
 * @throws EngineError if there is no engine
 */
export async function resolveImage(
  reference: string = defaultImage,
  options: ResolveOptions = {},
): Promise<Image> {
  checkOptions(options, checks);
  const names = namesOf(reference);
  const { pull = 'missing', platform } = options;
  if (pull === 'always' && isId(reference))
    throw new InvalidOptionError(
      'pull',
      "can't be 'always' for an image's id: only a name can be pulled",
      pull,
    );
  const { docker, endpoint } = await connectEngine();
  const image = [endpoint.host, ...names, platform].join(' ');
  const key = `${pull} ${image}`;
  const find = pull === 'always' ? pullOnce : search;
  return searches.get(key) ?? startSearch(key, () => find({ docker, names, ...options }, image));
}

/**
 * Returns how {@link resolveImage} would get an image, without getting it. belljar does not ask a registry, so a `pull`
 * may still fail.
 *
 * @throws as {@link resolveImage}, except `IMAGE_NOT_FOUND`
 */
export async function planImage(
  reference: string = defaultImage,
  options: Pick<ResolveOptions, 'platform'> = {},
): Promise<ImagePlan> {
  checkOptions(options, pullChecks);
  const { docker } = await connectEngine();
  return plan({ docker, names: namesOf(reference), ...options }, []);
}

/** The names that an image may have in the engine. The first one is the name to pull. */
type Names = readonly [string, ...string[]];

interface Search extends ResolveOptions {
  docker: Docker;
  names: Names;
}

const searches = new Map<string, Promise<Image>>();

/** The images that this process has pulled because `pull` is `always`. */
const pulled = new Set<string>();

function startSearch(key: string, search: () => Promise<Image>): Promise<Image> {
  const started = search().finally(() => searches.delete(key));
  searches.set(key, started);
  return started;
}

/**
 * An id is its only name. If a prefix is set, the image has two names: testcontainers' prefixed one and the plain one.
 */
function namesOf(text: string): Names {
  if (isId(text)) return [text];
  const { familiar } = parseReference(text);
  if (!process.env.TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX) return [familiar];
  const prefixed = parseReference(ImageName.fromString(familiar).string).familiar;
  return prefixed === familiar ? [familiar] : [prefixed, familiar];
}

function isId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/**
 * Does what `pull: 'always'` says. If the pull fails, an image that the engine has is not used: it may be out of date.
 *
 * @param image the image and its engine, for the memory of what this process has pulled
 */
async function pullOnce(search: Search, image: string): Promise<Image> {
  const { docker, names } = search;
  const [reference] = names;
  const failed: FailedStep[] = [];
  const present = (): Promise<ImageFacts | undefined> => usableFacts(search, reference, failed, 'present');
  const kept = pulled.has(image) ? await present() : undefined;
  if (kept !== undefined) return createImage(docker, reference, kept);
  try {
    await pullImage(docker, parseReference(reference), search);
  } catch (cause) {
    if (!(cause instanceof ImageError) || cause.code === 'PULL_CANCELED') throw cause;
    const earlier =
      (await readFacts(docker, reference)) ?? (await readFacts(docker, names.at(-1) ?? reference));
    if (earlier !== undefined) throw notUpdated(reference, earlier, cause);
    throw notFound(reference, [...failed, { step: 'pull', why: cause.message }], cause);
  }
  pulled.add(image);
  const facts = await present();
  if (facts === undefined) throw notFound(reference, failed);
  return createImage(docker, reference, facts);
}

async function search(search: Search): Promise<Image> {
  const failed: FailedStep[] = [];
  const { source, reference, archive } = await plan(search, failed);
  const asked = search.names.at(-1) ?? reference;
  if (archive !== undefined) await loadArchive(search.docker, archive);
  if (source === 'pull' && search.pull === 'never')
    throw notFound(asked, [
      ...failed,
      { step: 'pull', why: "not tried, because pull is 'never'", isForbidden: true },
    ]);
  if (source === 'pull') await tryPull(search, failed, asked);
  const facts = await usableFacts(search, reference, failed, source);
  if (facts === undefined) throw notFound(asked, failed);
  return createImage(search.docker, reference, facts, source === 'stand-in' ? asked : undefined);
}

async function plan(search: Search, failed: FailedStep[]): Promise<ImagePlan> {
  for (const reference of search.names) {
    if (await usableFacts(search, reference, failed, 'present')) return { source: 'present', reference };
  }
  return (await planArchive(search, failed)) ?? (await planStandIn(search, failed)) ?? planPull(search);
}

async function planArchive({ names }: Search, failed: FailedStep[]): Promise<ImagePlan | undefined> {
  const paths = archivePaths();
  if (paths.length === 0) failed.push({ step: 'archive', why: 'BELLJAR_IMAGE_ARCHIVE is not set' });
  for (const archive of paths) {
    const held = await listArchive(archive);
    const reference = names.find((name) => held.includes(name));
    if (reference !== undefined) return { source: 'archive', reference, archive };
    failed.push({
      step: 'archive',
      why: `${archive} contains ${held.length === 0 ? 'no named image' : held.join(', ')}`,
    });
  }
  return undefined;
}

async function planStandIn(search: Search, failed: FailedStep[]): Promise<ImagePlan | undefined> {
  const asked = search.names.at(-1) ?? '';
  const standIn = process.env.BELLJAR_STAND_IN;
  if (isId(asked) || !isSameReference(asked, defaultImage)) return undefined;
  if (!standIn) {
    failed.push({ step: 'stand-in', why: 'BELLJAR_STAND_IN is not set' });
    return undefined;
  }
  const reference = parseReference(standIn).familiar;
  const facts = await usableFacts(search, reference, failed, 'stand-in');
  return facts && { source: 'stand-in', reference };
}

function planPull({ names }: Search): ImagePlan {
  return { source: 'pull', reference: names[0] };
}

async function tryPull(search: Search, failed: FailedStep[], asked: string): Promise<void> {
  const [reference] = search.names;
  if (isId(reference)) throw notFound(asked, failed);
  try {
    await pullImage(search.docker, parseReference(reference), search);
  } catch (cause) {
    if (!(cause instanceof ImageError) || cause.code === 'PULL_CANCELED') throw cause;
    throw notFound(asked, [...failed, { step: 'pull', why: cause.message }], cause);
  }
}

/** Returns the facts of an image that the engine has for the requested platform; otherwise adds a failed step. */
async function usableFacts(
  { docker, platform }: Search,
  reference: string,
  failed: FailedStep[],
  step: ImageSource,
): Promise<ImageFacts | undefined> {
  const facts = await readFacts(docker, reference);
  if (facts === undefined) {
    failed.push({ step, why: `the engine does not have ${reference}` });
  } else if (platform !== undefined && !isPlatform(facts.platform, platform)) {
    failed.push({ step, why: `the engine's ${reference} is for ${facts.platform}, not for ${platform}` });
  } else return facts;
  return undefined;
}
