import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { idleCommand } from '../container/container-builder';
import { ContainerError } from '../container/errors';
import type { ContainerOptions } from '../container/options';
import { startFromImage } from '../container/start';
import type { StartedContainer } from '../container/started-container';
import { commitContainer } from '../image/commit';
import { ImageError } from '../image/errors';
import { imageIfThere, type Image } from '../image/image';
import { ownImages } from '../image/own-images';
import { InvalidOptionError, messageOf, statusOf } from '../support/errors';
import { poll } from '../support/poll';
import type { Box } from './box';

/** Changes a fresh container into what the image is to hold. */
export type ImageSetUp = (box: Box) => unknown;

/** How an image is derived. */
export interface DeriveOptions extends Pick<ContainerOptions, (typeof startOptionNames)[number]> {
  /**
   * What the set-up uses from outside of itself - a version, the content of a file -, as anything that JSON can hold:
   * another key makes another image. Default: nothing.
   */
  key?: unknown;
  /**
   * How long to wait for another process that is making the same image, in milliseconds. Default 600,000. The set-up
   * itself takes as long as it takes.
   */
  timeout?: number;
}

const { label, repository } = ownImages.derived;

/** Nothing that would become a part of the image's config. */
const startOptionNames = ['network', 'memory', 'cpus', 'pids', 'startupTimeout'] as const;

const optionNames: readonly string[] = [...startOptionNames, 'key', 'timeout'];

/**
 * See `DerivableImage.derive`. The container that the set-up runs in has a name that tells the image, and an engine
 * gives a name only once: of any number of processes that want the same image at the same time one makes it, and should
 * it die the next one does, because its container is removed with it.
 *
 * @param open makes a box of a container
 */
export async function deriveImage(
  base: Image,
  setUp: ImageSetUp,
  options: DeriveOptions,
  open: (container: StartedContainer) => Box,
): Promise<Image> {
  checkOptions(options);
  const { key, timeout = 600_000, ...start } = options;
  const hash = hashOf(base, setUp, key);
  const reference = `${repository}:${hash}`;
  const containerName = `belljar-derive-${hash}`;
  const make = async (): Promise<Image | undefined> => {
    const container = await startNamed(containerName, base, start);
    if (container === undefined) return undefined;
    await using box = open(container);
    // Another may have made it between the look and the start.
    return (await imageIfThere(reference)) ?? (await makeImage(box, base, setUp, reference));
  };
  return poll(async () => (await imageIfThere(reference)) ?? (await make()), {
    for: `another process to make ${reference} in the container ${containerName}`,
    timeout,
    interval: 250,
  });
}

async function makeImage(
  box: Box,
  base: Image,
  setUp: ImageSetUp,
  reference: string,
): Promise<Image | undefined> {
  try {
    await setUp(box);
    await commitContainer(box.docker, base, reference, { [label]: base.reference });
  } catch (cause) {
    throw new ImageError(
      'IMAGE_NOT_DERIVED',
      `The set-up of an image to be derived from ${base.reference} failed, so there is none: ${messageOf(cause)}`,
      { cause },
    );
  }
  return imageIfThere(reference);
}

/** Undefined where a container has that name. The idle command is its entrypoint: its command would be the image's. */
async function startNamed(
  name: string,
  base: Image,
  options: ContainerOptions,
): Promise<StartedContainer | undefined> {
  try {
    return await startFromImage(base, {
      ...options,
      entrypoint: idleCommand,
      command: [],
      customize: (container) => container.withName(name),
    });
  } catch (error) {
    if (error instanceof ContainerError && statusOf(error.cause) === 409) return undefined;
    throw error;
  }
}

/** Equal for equal content: of the base, of the function as it is written, and of what the caller says it uses. */
function hashOf(base: Image, setUp: ImageSetUp, key: unknown): string {
  const source = String(setUp);
  if (typeof setUp !== 'function' || source.includes('[native code]')) {
    throw new InvalidOptionError('the set-up', 'must be a function with a source, not a bound one', setUp);
  }
  const text = JSON.stringify([base.id, source, jsonOf(key)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function jsonOf(key: unknown): string | undefined {
  const refuse = (value: unknown): never => {
    throw new InvalidOptionError('key', 'must be something that JSON can hold', value);
  };
  try {
    return JSON.stringify(key, (_, value: unknown) => (isLostInJson(value) ? refuse(value) : value));
  } catch (error) {
    if (error instanceof InvalidOptionError) throw error;
    return refuse(key);
  }
}

/** What JSON leaves out, or makes `{}` of, so that two would look the same. */
function isLostInJson(value: unknown): boolean {
  const isLost = ['function', 'symbol'].includes(typeof value);
  return (
    isLost || types.isMap(value) || types.isSet(value) || types.isPromise(value) || types.isRegExp(value)
  );
}

function checkOptions(options: DeriveOptions): void {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new InvalidOptionError(unknown, `is not an option; there are ${optionNames.join(', ')}`, unknown);
  }
  const { timeout } = options;
  if (timeout !== undefined && !(timeout >= 0)) {
    throw new InvalidOptionError('timeout', 'must be a number of milliseconds, 0 or more', timeout);
  }
}
