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
import { holdVolumes, type VolumeHold } from './shared/volume';

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
 * @throws ContainerError `CONTAINER_NOT_STARTED`, `NO_IDLE_COMMAND`, `OPTION_REFUSED`, `PORT_TAKEN`, `NAME_TAKEN`,
 * `NO_SPACE`, `NO_ADDRESSES`, `VOLUME_NOT_FOUND`; everything that was made until then is removed
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
  const held = await holdResources(options);
  const ended = new AbortController();
  let builder: ContainerBuilder | undefined;
  let starting: Promise<StartedTestContainer> | undefined;
  try {
    const making = (builder = new ContainerBuilder(image, limited, held, labels));
    if (hooks.input === true) making.openInput();
    const earlyEnd = new Promise<never>((_, reject) => {
      making.onCreated = async (id) => {
        const container = docker.getContainer(id);
        if ((options.ports ?? []).length > 0) watchEarlyEnd(container, ended.signal, reject);
        await hooks.created?.(container);
      };
    });
    starting = (options.customize?.(making) ?? making).start();
    const limit = options.startupTimeout ?? 60_000;
    const problem = `it took longer than the startup timeout of ${limit} ms`;
    const testcontainer = await withinTime(Promise.race([starting, earlyEnd]), limit, problem);
    return await toStartedContainer(testcontainer, image, {
      user: builder.user || image.config.user,
      release: held.release,
      redactor,
    });
  } catch (cause) {
    const createdId = builder?.createdId;
    const container = createdId === undefined ? undefined : docker.getContainer(createdId);
    const error = await startProblem({ image, options, container, redactor, cause });
    await discard(builder, starting, held.release);
    throw error;
  } finally {
    ended.abort();
  }
}

/** What a container holds beside itself. */
interface Held {
  readonly network: NetworkHold | undefined;
  readonly volumes: VolumeHold;
  /** Releases all of it. */
  readonly release: () => Promise<void>;
}

async function holdResources(options: ContainerOptions): Promise<Held> {
  const network = await holdOf(options.network);
  const releaseNetwork = async (): Promise<void> => network?.release();
  try {
    const volumes = await holdVolumes(options);
    const release = async (): Promise<void> => {
      await Promise.all([releaseNetwork(), volumes.release()]);
    };
    return { network, volumes, release };
  } catch (error) {
    await releaseNetwork();
    throw error;
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
  builder: ContainerBuilder | undefined,
  starting: Promise<StartedTestContainer> | undefined,
  release: () => Promise<void>,
): Promise<void> {
  const { docker } = await connectEngine();
  const removeCreated = async (): Promise<void> => {
    const ids = builder === undefined ? [] : await createdBy(docker, builder);
    await Promise.all(ids.map((id) => removeContainer(docker.getContainer(id))));
    await release();
  };
  if (builder?.createdId !== undefined || starting === undefined) return removeCreated();
  const removing = starting.then(removeCreated, removeCreated);
  await withinTime(removing, 10_000, 'the engine did not say within 10 s what it has made');
}

/** testcontainers tells the id of a container only after it has copied files into it, which may fail. */
async function createdBy(docker: Docker, { createdId, ownLabel }: ContainerBuilder): Promise<string[]> {
  if (createdId !== undefined) return [createdId];
  const found = await docker.listContainers({ all: true, filters: { label: [ownLabel] } });
  return found.map(({ Id }) => Id);
}
