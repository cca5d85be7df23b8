import type Docker from 'dockerode';
import { ImageName } from 'testcontainers';
import { connectEngine } from '../../engine/connect/connection';
import { archivePaths, listArchive, loadArchive } from './archive';
import { ImageError } from '../errors';
import { readFacts, type ImageFacts } from '../facts';
import { createImage, type Image } from '../image';
import { notFound, type FailedStep } from './not-found';
import { checkPlatform, isPlatform } from '../platform';
import { pullImage, type PullOptions } from './pull';
import { isSameReference, parseReference } from '../reference/reference';

/** The image of a container that names none. */
export const defaultImage = 'ubuntu:20.04';

/** How an image came, or would come. */
export type ImageSource = 'present' | 'archive' | 'stand-in' | 'pull';

/** How an image would come, had it to be resolved now. */
export interface ImagePlan {
  readonly source: ImageSource;
  /** The reference that would be used: the stand-in's own, or the one with the prefix, where those apply. */
  readonly reference: string;
  /** The archive's path, for `archive`. */
  readonly archive?: string;
}

/** How an image is pulled, if it has to be. */
export type ResolveOptions = PullOptions;

/**
 * The image that a reference names, made present in the engine. In this order:
 *
 * 1. What the engine has.
 * 2. An archive among `BELLJAR_IMAGE_ARCHIVE` that holds it, which is loaded.
 * 3. For the default image only, where `BELLJAR_STAND_IN` names an image that the engine has: that one. The project
 *    that sets it has said what to use where the image is not at hand, so no registry is asked; each worker would wait
 *    for one that is not there. The image keeps its own name, and says what it stands in for.
 * 4. A pull. `TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX` counts as in testcontainers: the image has the name with the prefix
 *    then, in the engine too.
 *
 * Calls at the same time for the same image share one search.
 *
 * @param reference an image reference, or the id of an image in the engine. Default `ubuntu:20.04`
 * @param options platform, progress and signal of a pull
 * @throws ImageReferenceError for a malformed reference
 * @throws ImageError `IMAGE_NOT_FOUND`, which says what was tried; `IMAGE_ARCHIVE_UNUSABLE`; `PULL_CANCELED`
 * @throws InvalidOptionError for a malformed platform
 * @throws EngineError where there is no engine
 */
export async function resolveImage(
  reference: string = defaultImage,
  options: ResolveOptions = {},
): Promise<Image> {
  checkPlatform(options.platform);
  const names = namesOf(reference);
  const { docker, endpoint } = await connectEngine();
  const key = [endpoint.host, ...names, options.platform].join(' ');
  const underWay = searches.get(key) ?? startSearch(key, () => search({ docker, names, ...options }));
  return underWay;
}

/**
 * How {@link resolveImage} would get an image, without getting it. A registry is not asked, so a `pull` may fail.
 *
 * @throws as {@link resolveImage}, but for `IMAGE_NOT_FOUND`
 */
export async function planImage(
  reference: string = defaultImage,
  options: Pick<ResolveOptions, 'platform'> = {},
): Promise<ImagePlan> {
  checkPlatform(options.platform);
  const { docker } = await connectEngine();
  return plan({ docker, names: namesOf(reference), ...options }, []);
}

/** The names an image may have in the engine, the one to pull first. */
type Names = readonly [string, ...string[]];

interface Search extends ResolveOptions {
  docker: Docker;
  names: Names;
}

const searches = new Map<string, Promise<Image>>();

function startSearch(key: string, search: () => Promise<Image>): Promise<Image> {
  const started = search().finally(() => searches.delete(key));
  searches.set(key, started);
  return started;
}

/** An id has no other name. With a prefix the image has testcontainers' name for it, and the plain one as before. */
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

async function search(search: Search): Promise<Image> {
  const failed: FailedStep[] = [];
  const { source, reference, archive } = await plan(search, failed);
  const asked = search.names.at(-1) ?? reference;
  if (archive !== undefined) await loadArchive(search.docker, archive);
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
      why: `${archive} holds ${held.length === 0 ? 'no named image' : held.join(', ')}`,
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

/** What the engine has of a name, where it is of the platform that is asked for; else a failed step. */
async function usableFacts(
  { docker, platform }: Search,
  reference: string,
  failed: FailedStep[],
  step: ImageSource,
): Promise<ImageFacts | undefined> {
  const facts = await readFacts(docker, reference);
  if (facts === undefined) {
    failed.push({ step, why: `the engine has no ${reference}` });
  } else if (platform !== undefined && !isPlatform(facts.platform, platform)) {
    failed.push({ step, why: `the engine's ${reference} is for ${facts.platform}, not for ${platform}` });
  } else return facts;
  return undefined;
}
