import type { Box } from '../box/box';
import {
  checkMembers,
  startContainers,
  type Boxes,
  type Members,
  type StartContainersOptions,
} from '../pool/start-containers';
import { removeBehind } from '../pool/warm-pool';
import { jestHooks, type RunnerHooks } from './runner';
import { standIn } from './stand-in';
import { useTurns, type Scope } from './turns';

export interface UseContainersOptions extends StartContainersOptions {
  /** `'test'`: fresh containers for every test. `'file'`: the same for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

/**
 * Gives every test of the describe block (or file) that calls it several fresh containers on a private network, where each
 * is found by its name: `const { leader, worker } = useContainers({ leader: {}, worker: { replicas: 3 } })` starts
 * `leader`, `worker-1`, `worker-2` and `worker-3` at the same time. They are removed behind the next test, with their
 * network, whatever became of the test; where one can't be started, the others are removed and the test fails.
 *
 * @param members how each is started
 * @returns the containers of the test that is running; to be used inside tests and hooks
 * @throws InvalidOptionError for names and numbers that can't be used
 * @throws BelljarError `NO_TEST_RUNNER` outside a test file
 */
export function useContainers<Chosen extends Members>(
  members: Chosen,
  options: UseContainersOptions = {},
): Boxes<Chosen> {
  return useContainersWith(jestHooks(), members, options);
}

/** The same for any runner's hooks. */
export function useContainersWith<Chosen extends Members>(
  hooks: RunnerHooks,
  members: Chosen,
  { scope = 'test', ...options }: UseContainersOptions,
): Boxes<Chosen> {
  checkMembers(members, options);
  const current = useTurns(hooks, scope, {
    start: () => startContainers(members, options),
    leave: (boxes) => boxesOf(boxes, members).forEach(removeBehind),
  });
  const standInFor = (name: string, index = 0): Box =>
    standIn(() => boxesOf(current(), { [name]: {} })[index], 'useContainers()');
  const entries = Object.entries(members).map(([name, { replicas }]) => [
    name,
    replicas === undefined
      ? standInFor(name)
      : Array.from({ length: replicas }, (_, index) => standInFor(name, index)),
  ]);
  return Object.fromEntries(entries) as Boxes<Chosen>;
}

/** The boxes of some members, in one list. */
function boxesOf(boxes: object | undefined, members: Members): Box[] {
  const all = (boxes ?? {}) as Readonly<Record<string, Box | readonly Box[] | undefined>>;
  return Object.keys(members).flatMap((name) => all[name] ?? []);
}
