import type { Box } from '../box/box';
import { startContainer, startOptions, type ImageChoice, type StartOptions } from '../pool/start-container';
import { removeBehind } from '../pool/warm-pool';
import { jestHooks, type RunnerHooks } from './runner';
import { standIn } from './stand-in';
import { useTurns, type Scope } from './turns';

/** How `useContainer()` starts its containers. */
export interface UseContainerOptions extends StartOptions {
  /** `'test'`: a fresh container for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

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
  const current = useTurns(hooks, scope, {
    start: () => startContainer(start),
    leave: (box) => removeBehind(box),
  });
  return standIn(current, 'useContainer()');
}
