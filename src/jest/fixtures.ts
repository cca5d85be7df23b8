import type { Box } from '../box/box';
import type { Network } from '../container/network';
import { startOptions, type ImageChoice } from '../pool/start-container';
import type { Boxes, Members } from '../pool/start-containers';
import { useContainerWith, type UseContainerOptions } from '../runner/use-container';
import { useContainersWith, type UseContainersOptions } from '../runner/use-containers';
import { useNetworkWith, type UseNetworkOptions } from '../runner/use-network';
import { jestHooks } from './hooks';

/**
 * Gives every test of the describe block (or file) that calls it a fresh container, and removes it, whether the test
 * passed, failed, threw or timed out, behind the next test; the last one after the last test. Not for
 * `test.concurrent`, whose hooks can't tell tests apart: use `withContainer` there.
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

/**
 * Gives every test of the describe block (or file) that calls it several fresh containers on a private network, where
 * each is found by its name: `const { leader, worker } = useContainers({ leader: {}, worker: { replicas: 3 } })` starts
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

/**
 * Gives every test of the describe block (or file) that calls it a private network, for containers that are to find
 * each other: `useContainer({ network, hostname: 'database' })`, called after it and with the same scope. It is removed
 * with the last of them, whatever becomes of the test.
 *
 * @returns the network of the test that is running; to be used as an option, and inside tests and hooks
 * @throws BelljarError `NO_TEST_RUNNER` outside a test file
 */
export function useNetwork(options: UseNetworkOptions = {}): Network {
  return useNetworkWith(jestHooks(), options);
}
