import { ContainerError } from '../container/errors';
import { startNetwork, type Network } from '../container/network';
import { InvalidOptionError, messageOf } from '../support/errors';
import type { Box } from '../box/box';
import { startContainer, type StartOptions } from './start-container';

/** How one container of several is started, or several equal ones. Its network and host name come from its name. */
export interface MemberOptions extends Omit<StartOptions, 'network' | 'hostname'> {
  /** So many of it, called `name-1`, `name-2` and so on. Default: one, called as it is. */
  replicas?: number;
}

/** Containers by name. */
export type Members = Readonly<Record<string, MemberOptions>>;

/** The started containers: a list where there are replicas. */
export type Boxes<Chosen extends Members> = {
  readonly [Name in keyof Chosen]: Chosen[Name] extends { replicas: number } ? readonly Box[] : Box;
};

export interface StartContainersOptions {
  /** The network that they are on. Default: one of their own, which goes with them. */
  network?: string | Network;
}

/**
 * Starts containers at the same time on one private network, where each is found by its name - `leader`, `worker-1`.
 * All of them or none: where one can't be started, the others are removed. Whoever starts them removes them:
 * `await using boxes = await startContainers({ leader: {}, worker: { replicas: 3 } })`.
 *
 * @param members how each is started
 * @throws ContainerError `CONTAINER_NOT_STARTED`, which names the first that could not be started, with the reason
 * @throws InvalidOptionError for names and options that can't be used
 * @throws EngineError where there is no engine
 */
export async function startContainers<Chosen extends Members>(
  members: Chosen,
  { network }: StartContainersOptions = {},
): Promise<Boxes<Chosen> & AsyncDisposable> {
  checkMembers(members, { network });
  // Held until the containers hold it.
  await using own = network === undefined ? await startNetwork() : undefined;
  const chosen = network ?? own;
  const plans = Object.entries(members).flatMap(([name, member]) => plansOf(name, member));
  const outcomes = await Promise.allSettled(
    plans.map(({ hostname, options }) => startContainer({ ...options, hostname, network: chosen })),
  );
  const boxes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const removeAll = async (): Promise<void> => {
    await Promise.all(boxes.map((box) => box.remove()));
  };
  const failed = outcomes.findIndex(({ status }) => status === 'rejected');
  if (failed !== -1) {
    await removeAll();
    throw notStarted(plans[failed]?.hostname ?? '', outcomes[failed] as PromiseRejectedResult);
  }
  return { ...grouped(members, boxes), [Symbol.asyncDispose]: removeAll };
}

/**
 * Throws at the first name or number that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkMembers(members: Members, { network }: StartContainersOptions): void {
  if (network === 'bridge' || network === 'none') {
    throw new InvalidOptionError(
      'network',
      'must be one on which containers find each other by name',
      network,
    );
  }
  for (const [name, { replicas = 1 }] of Object.entries(members)) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}$/.test(name))
      throw new InvalidOptionError('the name of a container', 'must be letters, digits and dashes', name);
    if (!Number.isInteger(replicas) || replicas < 1)
      throw new InvalidOptionError(`${name}: replicas`, 'must be a whole number, 1 or more', replicas);
  }
}

/** One container, and what it is called. */
interface Plan {
  hostname: string;
  options: StartOptions;
}

function plansOf(name: string, { replicas, ...options }: MemberOptions): Plan[] {
  if (replicas === undefined) return [{ hostname: name, options }];
  return Array.from({ length: replicas }, (_, index) => ({ hostname: `${name}-${index + 1}`, options }));
}

/** The boxes, which come in the order of the members, under the members' names. */
function grouped<Chosen extends Members>(members: Chosen, boxes: readonly Box[]): Boxes<Chosen> {
  const left = [...boxes];
  const entries = Object.entries(members).map(([name, { replicas }]) => {
    const own = left.splice(0, replicas ?? 1);
    return [name, replicas === undefined ? own[0] : own];
  });
  return Object.fromEntries(entries) as Boxes<Chosen>;
}

function notStarted(hostname: string, { reason }: PromiseRejectedResult): ContainerError {
  return new ContainerError(
    'CONTAINER_NOT_STARTED',
    `${hostname} could not be started, so none of the containers was: ${messageOf(reason)}`,
    { cause: reason },
  );
}
