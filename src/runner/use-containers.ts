import type { Box } from '../box/box';
import {
  checkMembers,
  startContainers,
  startContainersChecks,
  type Boxes,
  type Members,
  type StartContainersOptions,
} from '../pool/start-containers';
import { removeInBackground } from '../pool/warm-pool';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { scopeCheck, useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** What all containers of a fixture have in common, and how long they last. */
export interface UseContainersOptions extends StartContainersOptions {
  /** `'test'`: fresh containers for every test. `'file'`: the same for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

const checks = {
  ...startContainersChecks,
  scope: scopeCheck,
} satisfies OptionChecks<UseContainersOptions>;

const source = {
  what: 'container',
  from: 'useContainers()',
  elsewhere: 'startContainers()',
  alone: 'startContainers()',
} as const;

/**
 * Does what `useContainers()` does, with the hooks of any test runner.
 *
 * @throws InvalidOptionError for a name or an option that can't be used
 */
export function useContainersWith<Chosen extends Members>(
  hooks: RunnerHooks,
  members: Chosen,
  given: UseContainersOptions,
): Boxes<Chosen> {
  checkMembers(members);
  checkOptions(given, checks);
  const { scope = 'test', ...options } = given;
  const current = useFixture(hooks, scope, {
    start: () => startContainers(members, options),
    release: (boxes) => boxesOf(boxes, members).forEach(removeInBackground),
  });
  const proxyOf = (name: string, index = 0): Box =>
    lazyProxy(() => boxesOf(current(), { [name]: {} })[index], { ...source, isPerTest: scope === 'test' });
  const entries = Object.entries(members).map(([name, { replicas }]) => [
    name,
    replicas === undefined
      ? proxyOf(name)
      : Array.from({ length: replicas }, (_, index) => proxyOf(name, index)),
  ]);
  return Object.fromEntries(entries) as Boxes<Chosen>;
}

/** The boxes of some members, in one list. */
function boxesOf(boxes: object | undefined, members: Members): Box[] {
  const all = (boxes ?? {}) as Readonly<Record<string, Box | readonly Box[] | undefined>>;
  return Object.keys(members).flatMap((name) => all[name] ?? []);
}
