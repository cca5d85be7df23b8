import { ContainerError } from '../container/errors';
import { startNetwork, type Network } from '../container/network';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { callSite } from '../support/call-site';
import { InvalidOptionError, messageOf } from '../support/errors';
import { isWholeNumber, must } from '../support/options/option-checks';
import type { Box } from '../box/box';
import { startChecks, startWith, type StartOptions } from './start-container';

/** How belljar starts one container of several, or several equal ones. The host name comes from the member's name. */
export interface MemberOptions extends Omit<StartOptions, 'network' | 'hostname'> {
  /**
   * The number of equal containers, with the names `name-1`, `name-2` and so on. Default: one, with the name itself.
   */
  replicas?: number;
}

/** Containers by name. */
export type Members = Readonly<Record<string, MemberOptions>>;

/** The started containers by name. A member with replicas is a list. */
export type Boxes<Chosen extends Members> = {
  readonly [Name in keyof Chosen]: Chosen[Name] extends { replicas: number } ? readonly Box[] : Box;
};

/** The options of all containers that are started together. */
export interface StartContainersOptions {
  /** The network that they are on. Default: a new one, which is removed with them. */
  network?: string | Network;
}

/**
 * Starts containers at the same time on one private network, on which each is found by its name: `leader`, `worker-1`.
 * If one container can't be started, belljar removes the others. The caller removes the containers:
 * `await using boxes = await startContainers({ leader: {}, worker: { replicas: 3 } })`.
 *
 * @param members how belljar starts each container, by name
 * @param options of all of them
 * @throws ContainerError `CONTAINER_NOT_STARTED`, which names the first that could not be started, with the reason
 * @throws InvalidOptionError for names and options that can't be used
 * @throws EngineError if there is no engine
 */
export async function startContainers<Chosen extends Members>(
  members: Chosen,
  options: StartContainersOptions = {},
): Promise<Boxes<Chosen> & AsyncDisposable> {
  const site = callSite(startContainers);
  checkMembers(members);
  checkOptions(options, startContainersChecks);
  const { network } = options;
  // The containers hold the network too, once they have started.
  await using own = network === undefined ? await startNetwork() : undefined;
  const chosen = network ?? own;
  const plans = Object.entries(members).flatMap(([name, member]) => plansOf(name, member));
  const outcomes = await Promise.allSettled(
    plans.map(({ hostname, options }) => startWith({ ...options, hostname, network: chosen }, site)),
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

export const startContainersChecks = {
  network: (name: string, value: unknown) => {
    if (value === 'bridge' || value === 'none')
      throw new InvalidOptionError(
        name,
        'must be a network on which containers find each other by name',
        value,
      );
    startChecks.network(name, value);
  },
} satisfies OptionChecks<StartContainersOptions>;

const never = (): boolean => false;

const memberChecks = {
  ...startChecks,
  network: must('must not be given: all of the containers are on one network', never),
  hostname: must('must not be given: the host name is the name of the container', never),
  replicas: must('must be a whole number, 1 or more', (value) => isWholeNumber(value, 1, Infinity)),
} satisfies OptionChecks<MemberOptions & StartOptions>;

/**
 * Throws at the first name or option of a container that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkMembers(members: Members): void {
  for (const [name, member] of Object.entries(members)) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}$/.test(name))
      throw new InvalidOptionError(
        'the name of a container',
        'must have 1 to 59 letters, digits and dashes, and begin with a letter or digit',
        name,
      );
    checkOptions(member, memberChecks, name);
  }
}

/** A container to be started. */
interface Plan {
  hostname: string;
  options: StartOptions;
}

function plansOf(name: string, { replicas, ...options }: MemberOptions): Plan[] {
  if (replicas === undefined) return [{ hostname: name, options }];
  return Array.from({ length: replicas }, (_, index) => ({ hostname: `${name}-${index + 1}`, options }));
}

/** Puts boxes, which are in the order of the members, under the members' names. */
function grouped<Chosen extends Members>(members: Chosen, boxes: readonly Box[]): Boxes<Chosen> {
  const rest = [...boxes];
  const entries = Object.entries(members).map(([name, { replicas }]) => {
    const own = rest.splice(0, replicas ?? 1);
    return [name, replicas === undefined ? own[0] : own];
  });
  return Object.fromEntries(entries) as Boxes<Chosen>;
}

function notStarted(hostname: string, { reason }: PromiseRejectedResult): ContainerError {
  return new ContainerError(
    'CONTAINER_NOT_STARTED',
    `${hostname} could not be started, so belljar has removed the other containers: ${messageOf(reason)}`,
    { cause: reason },
  );
}
