import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { idleCommand } from '../container/container-builder';
import type { ContainerOptions } from '../container/options';
import { ContainerError } from '../container/errors';
import { startFromImage } from '../container/start';
import type { StartedContainer } from '../container/started-container';
import { commitContainer } from '../image/commit';
import { ImageError } from '../image/errors';
import { inspectImage, type Image } from '../image/image';
import { checkOptions } from '../support/options/check-options';
import { codeOf, InvalidOptionError, messageOf, statusOf } from '../support/errors';
import { poll } from '../support/poll';
import type { Box, ImageSetUp } from './box';
import { watchCopies } from './copied-sources';
import { deriveChecks, type DeriveOptions } from './derive-options';
import { findDerived, nameDerived } from './derived-images';
import { watchMounts } from './lost-changes';

/**
 * Does what `DerivableImage.derive` says. The set-up's container has a name that belongs to the image, and an engine
 * gives a name only once. So one process makes the image if many want it at the same time. If that process dies, its
 * container is removed, and another process makes the image.
 *
 * @param open makes a box of a container
 */
export async function deriveImage(
  base: Image,
  setUp: ImageSetUp,
  options: DeriveOptions,
  open: (container: StartedContainer) => Box,
): Promise<Image> {
  checkOptions(options, deriveChecks);
  const { key, timeout = 600_000, ...start } = options;
  const hash = hashOf(base, setUp, key);
  const containerName = `belljar-derive-${hash}`;
  const make = async (): Promise<Image | undefined> => {
    const container = await startNamed(containerName, base, start);
    if (container === undefined) return undefined;
    await using box = open(container);
    // Another process may have made the image before this container started.
    return (await findDerived(hash)) ?? (await makeImage(box, base, setUp, hash));
  };
  return poll(async () => (await findDerived(hash)) ?? (await make()), {
    for: `another process to make the image derived from ${base.reference} in the container ${containerName}`,
    timeout,
    interval: 250,
  });
}

async function makeImage(box: Box, base: Image, setUp: ImageSetUp, hash: string): Promise<Image> {
  const copied = watchCopies(box);
  const lost = await watchMounts(box, base);
  try {
    await setUp(box);
    const losses = await lost();
    if (losses.length > 0) throw notKept(base, losses);
    const { reference, labels } = nameDerived(hash, base.reference, copied());
    await commitContainer(box.docker, base, reference, labels);
    return await inspectImage(reference);
  } catch (cause) {
    if (codeOf(cause) === 'CHANGES_NOT_KEPT') throw cause;
    throw new ImageError(
      'IMAGE_NOT_DERIVED',
      `The set-up of an image derived from ${base.reference} failed, so belljar has made no image: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function notKept(base: Image, losses: readonly string[]): ImageError {
  const message = [
    `The set-up of an image derived from ${base.reference} changed what no image holds, so belljar has made no image:`,
    ...losses.map((loss) => `  ${loss}`),
    'What to do (one of these):',
    '  - let the set-up write elsewhere',
    "  - make these changes in each container after its start, or by the option 'files'",
    '  - undo them at the end of the set-up, if no test needs them',
  ].join('\n');
  return new ImageError('CHANGES_NOT_KEPT', message);
}

/**
 * Starts the set-up's container; undefined if another container has that name. The idle command is the entrypoint,
 * because the container's command would become the image's.
 */
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
    throw codeOf(error) === 'NO_IDLE_COMMAND' ? noShell(base, error) : error;
  }
}

function noShell({ reference }: Image, cause: unknown): ImageError {
  return new ImageError(
    'IMAGE_NOT_DERIVED',
    `The image ${reference} has no /bin/sh, so no set-up can run in a container of it. ` +
      `Build the image from a Dockerfile that begins with FROM ${reference}: Image.build('directory').`,
    { cause },
  );
}

/** Part of each hash. Images of an earlier scheme, which lack labels of this one, are not found any more. */
const scheme = 2;

/** Returns a hash of the base, of the function's source and of the key. */
function hashOf(base: Image, setUp: ImageSetUp, key: unknown): string {
  const source = String(setUp);
  if (typeof setUp !== 'function' || source.includes('[native code]')) {
    throw new InvalidOptionError(
      'the set-up',
      'must be a function with a source text, not a bound one',
      setUp,
    );
  }
  const text = JSON.stringify([scheme, base.id, source, jsonOf(key)]);
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

/** Returns whether JSON leaves a value out, or makes `{}` of it, so that different values would get one hash. */
function isLostInJson(value: unknown): boolean {
  const isLost = ['function', 'symbol'].includes(typeof value);
  return (
    isLost || types.isMap(value) || types.isSet(value) || types.isPromise(value) || types.isRegExp(value)
  );
}
