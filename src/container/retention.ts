import { connectEngine } from '../engine/connect/connection';
import { retainedPrefix } from '../ownership/labels';
import { privateEngineAt } from '../engine/private/orphans';
import { originalOf } from '../support/brand';
import { InvalidOptionError } from '../support/errors';
import { shortId } from '../support/short-id';
import type { StartedContainer } from './started-container';

/**
 * Whether the containers of failed tests are to be kept: `BELLJAR_KEEP=failed`.
 *
 * @throws InvalidOptionError for any other value but `off`
 */
export function retainsFailed(): boolean {
  const { BELLJAR_KEEP: value = 'off' } = process.env;
  if (value === 'failed') return true;
  if (value === 'off' || value === '') return false;
  throw new InvalidOptionError('BELLJAR_KEEP', "must be 'failed' or 'off'", value);
}

/** How many one process keeps: a run in which everything fails must not fill the machine. */
const maxRetained = 10;

let count = 0;

/** Whether a container is kept. */
interface Retention {
  /** The promise of the new name; undefined if the container is not kept. */
  renamed: Promise<string> | undefined;
  /** Removes the container after all. */
  discard: () => Promise<void>;
}

/** By the container itself: a box is asked by its container. */
const retentions = new WeakMap<object, Retention>();

/**
 * Lets a container be kept.
 *
 * @param discard removes the container and what goes with it
 */
export function allowRetention(container: StartedContainer, discard: () => Promise<void>): void {
  retentions.set(container, { renamed: undefined, discard });
}

/** Returns whether a container is to be kept. */
export function isRetained(container: StartedContainer): boolean {
  return retentionOf(container)?.renamed !== undefined;
}

/**
 * Returns the same once it is certain: a container that could not be renamed is not kept. Call it before the removal.
 */
export async function isRetainedForGood(container: StartedContainer): Promise<boolean> {
  await retentionOf(container)?.renamed?.catch(() => undefined);
  return isRetained(container);
}

function retentionOf(container: StartedContainer): Retention | undefined {
  return retentions.get(originalOf(container, 'container'));
}

/**
 * Keeps a container and its network: `remove()`, the end of the file or the run, the reaper and the next run's set-up
 * leave them. `belljar clean` removes them once the run is over. A retained container's name begins with
 * `belljar-kept-`.
 *
 * @returns a line for people: how to enter the container, or why it is not kept
 */
export async function retainContainer(container: StartedContainer): Promise<string> {
  const retention = retentionOf(container);
  const { removal, docker, id } = container;
  const short = shortId(id);
  if (removal.aborted) return `container ${short} is not kept: it was removed`;
  if (retention === undefined)
    return `container ${short} is left to its owner: belljar is only attached to it`;
  const { endpoint } = await connectEngine();
  const privateEngine = privateEngineAt(endpoint.host);
  if (privateEngine !== undefined)
    return `container ${short} is not kept: belljar's own engine "${privateEngine.name}" ends with what uses it`;
  if (retention.renamed === undefined && count >= maxRetained)
    return `container ${short} is not kept: ${maxRetained} are already, in this process`;
  retention.renamed ??= rename(docker, `${retainedPrefix}${short}`);
  try {
    return `kept container ${short}: ${await enterCommand(await retention.renamed)}`;
  } catch (error) {
    retention.renamed = undefined;
    throw error;
  }
}

/** Removes a container that was kept too soon. */
export async function discardRetained(container: StartedContainer): Promise<void> {
  const retention = retentionOf(container);
  if (retention?.renamed === undefined) return;
  await retention.renamed;
  retention.renamed = undefined;
  count -= 1;
  await retention.discard();
}

async function rename(docker: StartedContainer['docker'], name: string): Promise<string> {
  count += 1;
  try {
    await docker.rename({ name });
    return name;
  } catch (error) {
    count -= 1;
    throw error;
  }
}

/** The host that `docker` uses if nothing is set. */
const defaultHost = 'unix:///var/run/docker.sock';

/** Returns the command to type in a shell that has none of the run's environment. */
async function enterCommand(name: string): Promise<string> {
  const { endpoint } = await connectEngine();
  const { host, tls } = endpoint;
  const variables = [
    ...(host === defaultHost ? [] : [`DOCKER_HOST='${host}'`]),
    ...(tls === undefined ? [] : ['DOCKER_TLS_VERIFY=1', `DOCKER_CERT_PATH='${tls.directory}'`]),
  ];
  return [...variables, 'docker', 'exec', '-it', name, 'sh'].join(' ');
}
