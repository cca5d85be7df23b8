import type Docker from 'dockerode';
import { createCommands } from '../../src/command/commands';
import { createExecTransport } from '../../src/command/exec/exec';
import type { StartedContainer } from '../../src/container/started-container';
import { connectEngine } from '../../src/engine/connect/connection';
import { resolveImage } from '../../src/image/sources/resolve';
import type { Subject } from '../../src/isolation/subject';

/** On everything that these specs make themselves. */
export const label = { 'belljar.spec': 'isolation' };

export type LooseContainer = Subject & AsyncDisposable;

type HostConfig = Docker.ContainerCreateOptions['HostConfig'] & {
  MaskedPaths?: string[];
  ReadonlyPaths?: string[];
};

/**
 * Starts a container with any settings, directly by the engine. belljar itself can't make a container so exposed.
 *
 * @param hostConfig settings for which `docker run` has flags: `{ PidMode: 'host' }`
 * @param options further settings of the Engine API
 */
export async function startLoose(
  hostConfig: HostConfig = {},
  options: Docker.ContainerCreateOptions = {},
): Promise<LooseContainer> {
  const container = await createLoose(hostConfig, options);
  try {
    await container.docker.start();
    return container;
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same, not started. */
export async function createLoose(
  hostConfig: HostConfig = {},
  options: Docker.ContainerCreateOptions = {},
): Promise<LooseContainer> {
  const { docker } = await connectEngine();
  const container = await docker.createContainer({
    Image: (await resolveImage()).id,
    Cmd: ['/bin/sh', '-c', 'while sleep 1000000; do :; done'],
    Labels: label,
    ...options,
    HostConfig: hostConfig,
  });
  return describe(container);
}

async function describe(docker: Docker.Container): Promise<LooseContainer> {
  const { Id: id, Name } = await docker.inspect();
  const known = { id, name: Name.slice(1), docker, removal: new AbortController().signal };
  const commands = createCommands(known as StartedContainer, createExecTransport(known as StartedContainer));
  const remove = async (): Promise<void> => {
    await docker.remove({ force: true, v: true });
  };
  return { ...commands, id, name: known.name, docker, [Symbol.asyncDispose]: remove };
}
