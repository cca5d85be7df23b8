import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import { connectEngine } from '../engine/connect/connection';
import { takeOwnership } from '../ownership/ownership';
import type { Image } from '../image/image';
import { createRedactor } from '../support/secrets/redact';
import { withinTime } from '../support/within-time';
import { ContainerBuilder } from './container-builder';
import { createOwnedContainer, type ContainerParts } from './started/owned-container';
import { withDefaultLimits } from './default-limits';
import { holdNetwork, holdStarted, type NetworkHold } from './network';
import type { ContainerOptions } from './options';
import { PauseAwareContainer } from './pause-aware-container';
import { removeContainer } from './remove';
import { endedBeforePorts, startProblem } from './start-problem';
import type { StartedContainer } from './started-container';

/** What is done with a container between its creation and its start. */
export interface StartHooks {
  /** Whether process 1 reads a standard input, for a connection that `created` attaches. Default false. */
  input?: boolean;
  created?: (container: Docker.Container) => Promise<void>;
}

/**
 * Starts a container through testcontainers' `GenericContainer`.
 *
 * @param image the container's image
 * @param options already checked
 * @param hooks for those who attach to process 1
 * @throws EngineError if there is no engine; `RUN_OVER` if the process that owns the run has died
 * @throws ContainerError `CONTAINER_NOT_STARTED`, `NO_IDLE_COMMAND`; everything that was made until then is removed
 */
export async function startFromImage(
  image: Image,
  options: ContainerOptions = {},
  hooks: StartHooks = {},
): Promise<StartedContainer> {
  const redactor = createRedactor(options.redact);
  redactor.addSecretsFrom({ ...image.config.env, ...options.env });
  const labels = await takeOwnership();
  const { docker } = await connectEngine();
  const limited = await withDefaultLimits(docker, options);
  const network = await holdOf(options.network);
  const builder = new ContainerBuilder(image, limited, network, labels);
  const ended = new AbortController();
  if (hooks.input === true) builder.openInput();
  const earlyEnd = new Promise<never>((_, reject) => {
    builder.onCreated = async (id) => {
      const container = docker.getContainer(id);
      if ((options.ports ?? []).length > 0) watchEarlyEnd(container, ended.signal, reject);
      await hooks.created?.(container);
    };
  });
  const starting = (options.customize?.(builder) ?? builder).start();
  try {
    const limit = options.startupTimeout ?? 60_000;
    const problem = `it took longer than the startup timeout of ${limit} ms`;
    const testcontainer = await withinTime(Promise.race([starting, earlyEnd]), limit, problem);
    return await toStartedContainer(testcontainer, image, {
      user: builder.user || image.config.user,
      network,
      redactor,
    });
  } catch (cause) {
    const { createdId } = builder;
    const container = createdId === undefined ? undefined : docker.getContainer(createdId);
    const error = await startProblem({ image, options, container, redactor, cause });
    await discard(builder, starting, network);
    throw error;
  } finally {
    ended.abort();
  }
}

/**
 * Fails the start if process 1 ends before the ports are published: testcontainers would wait for them for ten seconds.
 *
 * Source: Docker Engine API, "Wait for a container".
 */
function watchEarlyEnd(container: Docker.Container, over: AbortSignal, fail: (error: Error) => void): void {
  container.wait({ condition: 'next-exit', abortSignal: over }).then(
    () => fail(endedBeforePorts()),
    // A wait that fails tells nothing: the start itself fails too, or the start is over.
    () => undefined,
  );
}

async function holdOf(network: ContainerOptions['network']): Promise<NetworkHold | undefined> {
  if (network === undefined || network === 'bridge' || network === 'none') return undefined;
  return typeof network === 'string' ? holdNetwork(network) : holdStarted(network);
}

async function toStartedContainer(
  testcontainer: StartedTestContainer,
  image: Image,
  made: ContainerParts,
): Promise<StartedContainer> {
  const { docker } = await connectEngine();
  const container = new PauseAwareContainer(docker.modem, testcontainer.getId());
  return createOwnedContainer(container, testcontainer, image, made);
}

/**
 * Removes what a failed start has made. If the engine has not answered yet, waits for its answer, but not forever: an
 * engine that hangs must not block the caller. A container that the engine makes later is removed then.
 */
async function discard(
  builder: ContainerBuilder,
  starting: Promise<StartedTestContainer>,
  network: NetworkHold | undefined,
): Promise<void> {
  const { docker } = await connectEngine();
  const removeCreated = async (): Promise<void> => {
    if (builder.createdId !== undefined) await removeContainer(docker.getContainer(builder.createdId));
    await network?.release();
  };
  if (builder.createdId !== undefined) return removeCreated();
  const removing = starting.then(removeCreated, removeCreated);
  await withinTime(removing, 10_000, 'the engine did not say within 10 s what it has made');
}
