import type { Box } from '../box/box';
import {
  checkMembers,
  startContainers,
  type Boxes,
  type Members,
  type StartContainersOptions,
} from '../pool/start-containers';
import { removeInBackground } from '../pool/warm-pool';
import { useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** What all containers of a fixture have in common, and how long they last. */
export interface UseContainersOptions extends StartContainersOptions {
  /** `'test'`: fresh containers for every test. `'file'`: the same for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

/** The same for any runner's hooks. */
export function useContainersWith<Chosen extends Members>(
  hooks: RunnerHooks,
  members: Chosen,
  { scope = 'test', ...options }: UseContainersOptions,
): Boxes<Chosen> {
  checkMembers(members, options);
  const current = useFixture(hooks, scope, {
    start: () => startContainers(members, options),
    release: (boxes) => boxesOf(boxes, members).forEach(removeInBackground),
  });
  const standInFor = (name: string, index = 0): Box =>
    lazyProxy(() => boxesOf(current(), { [name]: {} })[index], 'useContainers()');
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
