import type { Box } from '../box/box';
import type { Network } from '../container/network';
import { startOptions, type ImageChoice } from '../pool/start-container';
import type { Boxes, Members } from '../pool/start-containers';
import { useContainerWith, type UseContainerOptions } from '../runner/use-container';
import { useContainersWith, type UseContainersOptions } from '../runner/use-containers';
import { useNetworkWith, type UseNetworkOptions } from '../runner/use-network';
import { jestHooks } from './hooks';

/**
 * Starts a fresh container for every test of the describe block (or file) that calls this function. belljar removes the
 * container in the background when the next test begins, or after the last test, even if the test failed or timed out.
 * Not for `test.concurrent`, whose hooks can't tell tests apart: use `withContainer` there.
 *
 * @param image as `options.image`. Default `ubuntu:20.04`
 * @param options how belljar starts the container, and for how long
 * @returns the container of the running test, for use inside tests, beforeEach and afterEach hooks
 * @throws RunnerError `NO_TEST_RUNNER` outside a test file
 */
export function useContainer(image?: ImageChoice, options?: UseContainerOptions): Box;
export function useContainer(options?: UseContainerOptions): Box;
export function useContainer(
  first?: ImageChoice | UseContainerOptions,
  second: UseContainerOptions = {},
): Box {
  return useContainerWith(jestHooks(), startOptions(first, second));
}

/**
 * Starts several fresh containers for every test of the describe block (or file) that calls this function. They are on
 * a private network, on which each is found by its name:
 * `const { leader, worker } = useContainers({ leader: {}, worker: { replicas: 3 } })` starts `leader`, `worker-1`,
 * `worker-2` and `worker-3` at the same time. belljar removes them and their network as `useContainer()` does. If one
 * container can't be started, belljar removes the others, and the test fails.
 *
 * @param members how belljar starts each container, by name
 * @param options the network, and for how long
 * @returns the containers of the running test, for use inside tests, beforeEach and afterEach hooks
 * @throws InvalidOptionError for names and numbers that can't be used
 * @throws RunnerError `NO_TEST_RUNNER` outside a test file
 */
export function useContainers<Chosen extends Members>(
  members: Chosen,
  options: UseContainersOptions = {},
): Boxes<Chosen> {
  return useContainersWith(jestHooks(), members, options);
}

/**
 * Starts a private network for every test of the describe block (or file) that calls this function. Containers on that
 * network find each other by name: `useContainer({ network, hostname: 'database' })`, called after `useNetwork()` and
 * with the same scope. belljar removes the network with the last of its containers, even if the test failed.
 *
 * @param options for how long
 * @returns the network of the running test, for use as an option, and inside tests, beforeEach and afterEach hooks
 * @throws InvalidOptionError for an option that can't be used
 * @throws RunnerError `NO_TEST_RUNNER` outside a test file
 */
export function useNetwork(options: UseNetworkOptions = {}): Network {
  return useNetworkWith(jestHooks(), options);
}
