import { connectEngine } from '../engine/connect/connection';
import { retainedPrefix } from '../engine/kept';
import { privateEngineAt } from '../engine/private/abandoned';
import { InvalidOptionError } from '../support/errors';
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

/** A container that is kept. */
interface Retention {
  /** Under way or done; undefined where it is not kept. */
  renamed: Promise<string> | undefined;
  /** Removes it after all. */
  discard: () => Promise<void>;
}

/** By what all objects around one container have in common. */
const retentions = new WeakMap<AbortSignal, Retention>();

/**
 * Lets a container be kept.
 *
 * @param removal the container's
 * @param discard removes the container and what goes with it
 * @returns whether it is kept, asked before it is removed
 */
export function watchRetention(removal: AbortSignal, discard: () => Promise<void>): () => Promise<boolean> {
  const retention: Retention = { renamed: undefined, discard };
  retentions.set(removal, retention);
  return async () => {
    await retention.renamed?.catch(() => undefined);
    return retention.renamed !== undefined;
  };
}

/** Whether somebody has asked to keep a container. */
export function isRetained({ removal }: Pick<StartedContainer, 'removal'>): boolean {
  return retentions.get(removal)?.renamed !== undefined;
}

/**
 * Keeps a container from now on: whatever removes it - `remove()`, the end of the file or of the run, the reaper, the
 * next run's set-up - passes it by, and its network too; `belljar clean` removes it once its run is over. That is told
 * by its name, which begins with `belljar-kept-`.
 *
 * @returns in a line, for people: how to enter it, or why it is not kept
 */
export async function retainContainer({ removal, docker, id }: StartedContainer): Promise<string> {
  const retention = retentions.get(removal);
  const shortId = id.slice(0, 12);
  if (retention === undefined || removal.aborted) return `container ${shortId} is not kept: it was removed`;
  const { endpoint } = await connectEngine();
  const privateEngine = privateEngineAt(endpoint.host);
  if (privateEngine !== undefined)
    return `container ${shortId} is not kept: belljar's own engine "${privateEngine.name}" ends with what uses it`;
  if (retention.renamed === undefined && count >= maxRetained)
    return `container ${shortId} is not kept: ${maxRetained} are already, in this process`;
  retention.renamed ??= rename(docker, `${retainedPrefix}${shortId}`);
  try {
    return `kept container ${shortId}: ${await enterCommand(await retention.renamed)}`;
  } catch (error) {
    retention.renamed = undefined;
    throw error;
  }
}

/** Removes a container that was kept too soon. */
export async function discardRetained({ removal }: Pick<StartedContainer, 'removal'>): Promise<void> {
  const retention = retentions.get(removal);
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

/** What `docker` uses where nothing is set. */
const defaultHost = 'unix:///var/run/docker.sock';

/** As it is typed in a shell that has none of the run's environment. */
async function enterCommand(name: string): Promise<string> {
  const { endpoint } = await connectEngine();
  const { host, tls } = endpoint;
  const variables = [
    ...(host === defaultHost ? [] : [`DOCKER_HOST='${host}'`]),
    ...(tls === undefined ? [] : ['DOCKER_TLS_VERIFY=1', `DOCKER_CERT_PATH='${tls.directory}'`]),
  ];
  return [...variables, 'docker', 'exec', '-it', name, 'sh'].join(' ');
}
