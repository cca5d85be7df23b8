import type { StartedTestContainer } from 'testcontainers';
import { connectEngine } from '../engine/connection';
import { takeOwnership } from '../engine/ownership';
import type { Image } from '../image/image';
import { messageOf } from '../support/errors';
import { Blueprint } from './blueprint';
import { withDefaultLimits } from './default-limits';
import { ContainerError } from './errors';
import { holdNetwork, holdStarted, type NetworkHold } from './network';
import { checkContainerOptions, type ContainerOptions } from './options';
import { removeContainer } from './remove';
import { describeContainer, type StartedContainer } from './started-container';

/**
 * Starts a container through testcontainers' `GenericContainer`.
 *
 * @param image what to make it from
 * @param options how
 * @throws InvalidOptionError for an option that can't be used
 * @throws EngineError where there is no engine; `RUN_OVER` where the process that owns the run has died
 * @throws ContainerError `CONTAINER_NOT_STARTED`; whatever was made by then is removed
 */
export async function startFromImage(
  image: Image,
  options: ContainerOptions = {},
): Promise<StartedContainer> {
  checkContainerOptions(options);
  const labels = await takeOwnership();
  const { docker } = await connectEngine();
  const limited = await withDefaultLimits(docker, options);
  const network = await holdOf(options.network);
  const blueprint = new Blueprint(image, limited, network, labels);
  const starting = (options.customize?.(blueprint) ?? blueprint).start();
  try {
    const testcontainer = await withinTime(starting, options.startupTimeout ?? 60_000);
    return await describeStarted(testcontainer, image, {
      user: blueprint.user || image.config.user,
      network,
    });
  } catch (cause) {
    await discard(blueprint, starting, network);
    const message = `The engine did not start a container from ${image.reference}: ${messageOf(cause)}`;
    throw new ContainerError('CONTAINER_NOT_STARTED', message, { cause });
  }
}

async function holdOf(network: ContainerOptions['network']): Promise<NetworkHold | undefined> {
  if (network === undefined || network === 'bridge' || network === 'none') return undefined;
  return typeof network === 'string' ? holdNetwork(network) : holdStarted(network);
}

async function describeStarted(
  testcontainer: StartedTestContainer,
  image: Image,
  made: { user: string; network: NetworkHold | undefined },
): Promise<StartedContainer> {
  const { docker } = await connectEngine();
  return describeContainer(docker.getContainer(testcontainer.getId()), testcontainer, image, made);
}

async function withinTime<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it took longer than the startup timeout of ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Removes what a failed start has made. Where the engine has not said yet, its answer is awaited, but not for ever: an
 * engine that hangs must not hang the caller, and what it makes later is removed then.
 */
async function discard(
  blueprint: Blueprint,
  starting: Promise<StartedTestContainer>,
  network: NetworkHold | undefined,
): Promise<void> {
  const { docker } = await connectEngine();
  const removeCreated = async (): Promise<void> => {
    if (blueprint.createdId !== undefined) await removeContainer(docker.getContainer(blueprint.createdId));
    await network?.release();
  };
  if (blueprint.createdId !== undefined) return removeCreated();
  const removing = starting.then(removeCreated, removeCreated);
  await withinTime(removing, 10_000);
}
