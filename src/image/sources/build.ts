import { readFile, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import type Docker from 'dockerode';
import { connectEngine } from '../../engine/connect/connection';
import { info } from '../../engine/info';
import { takeOwnership } from '../../ownership/ownership';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { codeOf, InvalidOptionError, messageOf } from '../../support/errors';
import { outputEnd } from '../../support/lines';
import { onAbort } from '../../support/on-abort';
import { abortSignal, must, namesAndStrings, oneOf, trueOrFalse } from '../../support/options/option-checks';
import { createRedactor } from '../../support/secrets/redact';
import { shortId } from '../../support/short-id';
import { packContext } from './build-context';
import { refuseBuildKit } from './buildkit-needs';
import { ImageError } from '../errors';
import { readFacts } from '../facts';
import { createImage, type Image } from '../image';
import { engineMessages } from './messages';
import { allCredentials, type AllCredentials } from './registry-auth';
import { ownImages } from '../own-images';
import { platformName } from '../platform';

/** Options of a build. */
export interface BuildOptions {
  /** The Dockerfile's path in the context directory. Default `Dockerfile`. */
  dockerfile?: string;
  /** Values for the Dockerfile's `ARG`s. */
  buildArgs?: Readonly<Record<string, string>>;
  /** The stage to build. Default: the last. */
  target?: string;
  /** If true, the engine takes steps that it has run before from its cache. Default true. */
  cache?: boolean;
  /**
   * Whether the engine pulls base images: `missing` if it does not have them, `always` even if it has them, as
   * `docker build --pull` does. With `always`, the build fails if a registry can't be reached. Default `missing`.
   */
  pull?: 'always' | 'missing';
  /** The platform to build for, such as `linux/arm64`. Default: the engine's. */
  platform?: string;
  /** Cancels the build. */
  signal?: AbortSignal;
}

const checks = {
  dockerfile: must('must be a path within the context directory', isPathWithin),
  buildArgs: namesAndStrings,
  target: must('must be the name of a stage', (value) => typeof value === 'string'),
  cache: trueOrFalse,
  pull: oneOf(['always', 'missing']),
  platform: platformName,
  signal: abortSignal,
} satisfies OptionChecks<BuildOptions>;

const { label, repository } = ownImages.built;

/**
 * Builds an image from a Dockerfile. The image's reference is `belljar/built:` and the beginning of its id, so that it
 * never takes another image's name. The same files result in the same image. The image stays in the engine until
 * `belljar clean --images`, so that the next build is fast.
 *
 * The engine pulls base images that it lacks, with the credentials that `docker login` keeps.
 *
 * @param contextDirectory the directory whose files the Dockerfile may copy, except those that `.dockerignore` excludes
 * @param options `dockerfile`, `buildArgs`, `target`, `cache`, `pull`, `platform`, `signal`
 * @throws ImageError `BUILDKIT_NEEDED`, before the build; `IMAGE_NOT_BUILT`, whose message has the engine's reason and
 * the last lines of the build's output
 * @throws InvalidOptionError if the directory does not exist, or an option is invalid
 * @throws EngineError if there is no engine
 */
export async function buildImage(contextDirectory: string, options: BuildOptions = {}): Promise<Image> {
  checkOptions(options, checks);
  await checkDirectory(contextDirectory);
  const { docker } = await connectEngine();
  await refuseUnbuildable(contextDirectory, options);
  await takeOwnership();
  const id = await build(docker, resolve(contextDirectory), options);
  const tag = shortId(id);
  await docker.getImage(id).tag({ repo: repository, tag });
  const facts = await readFacts(docker, id);
  if (facts === undefined)
    throw new ImageError(
      'IMAGE_NOT_BUILT',
      `The engine built the image ${id}, but does not have it any more.`,
    );
  return createImage(docker, `${repository}:${tag}`, facts);
}

/** @returns the image's id (Engine API, "Build an image") */
async function build(docker: Docker, directory: string, options: BuildOptions): Promise<string> {
  const dockerfile = posix.normalize(options.dockerfile ?? 'Dockerfile');
  const stop = new AbortController();
  const canceled = onAbort(options.signal, () => stop.abort(options.signal?.reason));
  let output = '';
  let id: string | undefined;
  const { byServer, problems } = await allCredentials();
  try {
    const context = await packContext(directory, dockerfile);
    context.once('error', (error) => stop.abort(error));
    const stream = await docker.buildImage(context, {
      ...engineOptions(options),
      dockerfile,
      registryconfig: headerOf(byServer),
      labels: { [label]: `${basename(directory)}/${dockerfile}` },
      abortSignal: stop.signal,
    });
    for await (const message of engineMessages(stream)) {
      output = (output + (message.stream ?? '')).slice(-100_000);
      id = message.aux?.ID ?? id;
    }
  } catch (error) {
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : error;
    throw notBuilt(join(directory, dockerfile), cause, output, options, problems);
  } finally {
    canceled.forget();
  }
  if (id === undefined) {
    throw notBuilt(join(directory, dockerfile), "the engine did not return the image's id", output, options);
  }
  return id;
}

/** Encodes credentials for the header `X-Registry-Config`, which the engine reads as base64 for URLs. */
function headerOf(byServer: AllCredentials['byServer']): Docker.RegistryConfig {
  const text = Buffer.from(JSON.stringify(byServer)).toString('base64');
  return { base64: text.replaceAll('+', '-').replaceAll('/', '_') } as unknown as Docker.RegistryConfig;
}

function engineOptions({
  buildArgs = {},
  target,
  cache = true,
  pull = 'missing',
  platform,
}: BuildOptions): Docker.ImageBuildOptions {
  return {
    buildargs: buildArgs,
    nocache: !cache,
    ...(pull === 'always' ? { pull: true } : {}),
    // Remove the containers of all steps, even that of a failed step.
    rm: true,
    forcerm: true,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  };
}

function notBuilt(
  dockerfile: string,
  cause: unknown,
  output: string,
  { buildArgs = {} }: BuildOptions,
  problems: readonly string[] = [],
): ImageError {
  const secrets = createRedactor();
  secrets.addSecretsFrom(buildArgs);
  const end = outputEnd('Output of the build', output, secrets);
  const without = problems.map((problem) => `\nbelljar built without some credentials: ${problem}`).join('');
  const message = secrets.redact(
    `Building an image from ${dockerfile} failed: ${messageOf(cause)}${without}`,
  );
  return new ImageError('IMAGE_NOT_BUILT', end === '' ? message : `${message}\n\n${end}`, { cause });
}

/** Podman has one builder, which knows what BuildKit knows. A Dockerfile that is missing is left to the engine. */
async function refuseUnbuildable(directory: string, options: BuildOptions): Promise<void> {
  if ((await info()).isPodman) return;
  const path = join(resolve(directory), options.dockerfile ?? 'Dockerfile');
  try {
    refuseBuildKit(path, await readFile(path, 'utf8'), options);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function checkDirectory(directory: unknown): Promise<void> {
  if (typeof directory !== 'string' || !(await isDirectory(directory))) {
    throw new InvalidOptionError('The context directory', 'must be a directory', directory);
  }
}

function isPathWithin(path: unknown): boolean {
  return typeof path === 'string' && !/^\/|^\.\.(\/|$)/.test(posix.normalize(path));
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // The path does not exist, or this user may not read it.
    return false;
  }
}
