import type { Box } from '../box/box';
import { startContainer, startOptions, type ImageChoice, type StartOptions } from '../box/start';
import { allRemoved, openPool, removeBehind } from '../box/stock';
import { ContainerError } from '../container/errors';
import { InvalidOptionError } from '../support/errors';
import { jestHooks, type RunnerHooks } from './runner';

/** How `useContainer()` starts its containers. */
export interface UseContainerOptions extends StartOptions {
  /** `'test'`: a fresh container for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: 'test' | 'file';
}

/** How long the hooks may take: an image that has to be fetched first takes its time. Milliseconds. */
const hookTimeout = 10 * 60_000;

/**
 * Gives every test of the describe block (or file) that calls it a fresh container, and removes it, whether the test
 * passed, failed, threw or timed out, behind the next test; the last one after the last test. Not for `test.concurrent`,
 * whose hooks can't tell tests apart: use `withContainer` there.
 *
 * @param image as `options.image`. Default `ubuntu:20.04`
 * @param options how, and for how long
 * @returns the container of the test that is running; to be used inside tests and hooks
 * @throws BelljarError `NO_TEST_RUNNER` outside a test file
 */
export function useContainer(image?: ImageChoice, options?: UseContainerOptions): Box;
export function useContainer(options?: UseContainerOptions): Box;
export function useContainer(
  first?: ImageChoice | UseContainerOptions,
  second: UseContainerOptions = {},
): Box {
  return useContainerWith(jestHooks(), startOptions(first, second));
}

/** The same for any runner's hooks. */
export function useContainerWith(hooks: RunnerHooks, options: UseContainerOptions): Box {
  const { scope = 'test', ...start } = options;
  if (!['test', 'file'].includes(scope))
    throw new InvalidOptionError('scope', "must be 'test' or 'file'", scope);
  const turn = containerTurns(start);
  hooks.beforeAll(turn.begin, hookTimeout);
  if (scope === 'test') hooks.beforeEach(turn.next, hookTimeout);
  else hooks.beforeAll(turn.next, hookTimeout);
  hooks.afterAll(turn.end, hookTimeout);
  return standIn(turn.current);
}

/**
 * One container after another. A container is removed when the next test begins, or after the last, and not in an
 * `afterEach` hook: Jest runs those in the order of their definition, so that the user's own, defined later, would find
 * it gone.
 */
function containerTurns(options: StartOptions) {
  let pool: AsyncDisposable | undefined;
  let starting: Promise<Box> | undefined;
  let current: Box | undefined;
  const leave = async (): Promise<void> => {
    const started = starting;
    starting = current = undefined;
    // A start that failed has failed its test already, and has left nothing.
    const box = await started?.catch(() => undefined);
    if (box) removeBehind(box);
  };
  return {
    current: () => current,
    begin: (): Promise<void> => {
      pool = openPool();
      return Promise.resolve();
    },
    next: async (): Promise<void> => {
      await leave();
      starting = startContainer(options);
      current = await starting;
    },
    end: async (): Promise<void> => {
      await leave();
      await Promise.all([pool?.[Symbol.asyncDispose](), allRemoved()]);
    },
  };
}

/** An object that is, at any time, the container of the running test. */
function standIn(currentBox: () => Box | undefined): Box {
  const current = (): Box => {
    const box = currentBox();
    if (box !== undefined) return box;
    throw new ContainerError(
      'NO_CONTAINER',
      'There is no container yet, or any more: use what useContainer() returns only inside tests and beforeEach or ' +
        'afterEach hooks, and await everything done with it.',
    );
  };
  return new Proxy({} as Box, {
    get: (_, name): unknown =>
      isInspection(name) && currentBox() === undefined ? undefined : Reflect.get(current(), name),
    has: (_, name) => Reflect.has(current(), name),
    ownKeys: () => Reflect.ownKeys(currentBox() ?? {}),
    getOwnPropertyDescriptor: (_, name) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(currentBox() ?? {}, name);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}

/** What printers and promises ask of any object, container or not. */
function isInspection(name: string | symbol): boolean {
  return (
    typeof name === 'symbol' ||
    ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'constructor'].includes(name)
  );
}
