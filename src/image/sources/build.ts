import { stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import type Docker from 'dockerode';
import { connectEngine } from '../../engine/connect/connection';
import { takeOwnership } from '../../ownership/ownership';
import { InvalidOptionError, messageOf } from '../../support/errors';
import { lastLines } from '../../support/last-lines';
import { createRedactor } from '../../support/secrets/redact';
import { packContext } from './build-context';
import { ImageError } from '../errors';
import { readFacts } from '../facts';
import { createImage, type Image } from '../image';
import { engineMessages } from './messages';
import { ownImages } from '../own-images';
import { checkPlatform } from '../platform';

/** How an image is built. */
export interface BuildOptions {
  /** The Dockerfile's path in the context directory. Default `Dockerfile`. */
  dockerfile?: string;
  /** Values for the Dockerfile's `ARG`s. */
  buildArgs?: Readonly<Record<string, string>>;
  /** The stage to build. Default: the last. */
  target?: string;
  /** Whether steps that the engine has done before are taken from its cache. Default true. */
  cache?: boolean;
  /** Such as `linux/arm64`. Default: the engine's. */
  platform?: string;
  /** Ends the build. */
  signal?: AbortSignal;
}

const { label, repository } = ownImages.built;

/**
 * Builds an image from a Dockerfile. Its reference is `belljar/built:` and the beginning of its id, so that it takes no
 * other image's name, and the same files give the same image. It stays in the engine until `belljar clean --images`,
 * which is what makes the next build quick.
 *
 * No registry is asked for base images that the engine has. Those that it lacks it pulls without credentials; where
 * they need some, `Image.resolve()` them first.
 *
 * @param contextDirectory the directory whose files the Dockerfile may copy, but for those that its `.dockerignore`
 * names
 * @param options `dockerfile`, `buildArgs`, `target`, `cache`, `platform`, `signal`
 * @throws ImageError `IMAGE_NOT_BUILT`, whose message has the engine's reason and the last lines of the build's output
 * @throws InvalidOptionError for a directory that is not there, or an option that can't be used
 * @throws EngineError where there is no engine
 */
export async function buildImage(contextDirectory: string, options: BuildOptions = {}): Promise<Image> {
  await checkBuild(contextDirectory, options);
  const { docker } = await connectEngine();
  await takeOwnership();
  const id = await build(docker, resolve(contextDirectory), options);
  const tag = id.replace(/^sha256:/, '').slice(0, 12);
  await docker.getImage(id).tag({ repo: repository, tag });
  const facts = await readFacts(docker, id);
  if (facts === undefined) throw new ImageError('IMAGE_NOT_BUILT', `The engine has lost the image ${id}.`);
  return createImage(docker, `${repository}:${tag}`, facts);
}

/** @returns the image's id (Engine API, "Build an image") */
async function build(docker: Docker, directory: string, options: BuildOptions): Promise<string> {
  const dockerfile = posix.normalize(options.dockerfile ?? 'Dockerfile');
  const unreadable = new AbortController();
  let output = '';
  let id: string | undefined;
  try {
    const context = await packContext(directory, dockerfile);
    context.once('error', (error) => unreadable.abort(error));
    const stream = await docker.buildImage(context, {
      ...engineOptions(options),
      dockerfile,
      labels: { [label]: `${basename(directory)}/${dockerfile}` },
      abortSignal: anyOf(unreadable.signal, options.signal),
    });
    for await (const message of engineMessages(stream)) {
      output = (output + (message.stream ?? '')).slice(-100_000);
      id = message.aux?.ID ?? id;
    }
  } catch (error) {
    const cause: unknown = unreadable.signal.aborted ? unreadable.signal.reason : error;
    throw notBuilt(join(directory, dockerfile), cause, output, options);
  }
  if (id === undefined) {
    throw notBuilt(join(directory, dockerfile), 'the engine named no image', output, options);
  }
  return id;
}

function engineOptions({
  buildArgs = {},
  target,
  cache = true,
  platform,
}: BuildOptions): Docker.ImageBuildOptions {
  return {
    buildargs: buildArgs,
    nocache: !cache,
    // The containers of the steps go, of the one that failed as well.
    rm: true,
    forcerm: true,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  };
}

function anyOf(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other]);
}

function notBuilt(
  dockerfile: string,
  cause: unknown,
  output: string,
  { buildArgs = {} }: BuildOptions,
): ImageError {
  const secrets = createRedactor();
  secrets.addSecretsFrom(buildArgs);
  const end = lastLines('Output of the build', output, secrets);
  const message = secrets.redact(`No image was built from ${dockerfile}: ${messageOf(cause)}`);
  return new ImageError('IMAGE_NOT_BUILT', end === '' ? message : `${message}\n\n${end}`, { cause });
}

const known = ['dockerfile', 'buildArgs', 'target', 'cache', 'platform', 'signal'];

async function checkBuild(directory: unknown, options: BuildOptions): Promise<void> {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name))
      throw new InvalidOptionError(name, `is not an option; there are ${known.join(', ')}`, value);
  }
  if (typeof directory !== 'string' || !(await isDirectory(directory))) {
    throw new InvalidOptionError('The context directory', 'must be a directory', directory);
  }
  const { dockerfile, platform } = options;
  if (dockerfile !== undefined && /^\/|^\.\.(\/|$)/.test(posix.normalize(dockerfile))) {
    throw new InvalidOptionError('dockerfile', 'must be a path within the context directory', dockerfile);
  }
  checkPlatform(platform);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Not there, or not to be seen from here.
    return false;
  }
}
