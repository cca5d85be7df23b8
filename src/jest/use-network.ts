import { removeBehind } from '../pool/warm-pool';
import { startNetwork, type Network } from '../container/network';
import { jestHooks, type RunnerHooks } from './runner';
import { standIn } from './stand-in';
import { useTurns, type Scope } from './turns';

export interface UseNetworkOptions {
  /** `'test'`: a network for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

/**
 * Gives every test of the describe block (or file) that calls it a private network, for containers that are to find each
 * other: `useContainer({ network, hostname: 'database' })`, called after it and with the same scope. It is removed with the
 * last of them, whatever becomes of the test.
 *
 * @returns the network of the test that is running; to be used as an option, and inside tests and hooks
 * @throws BelljarError `NO_TEST_RUNNER` outside a test file
 */
export function useNetwork(options: UseNetworkOptions = {}): Network {
  return useNetworkWith(jestHooks(), options);
}

/** The same for any runner's hooks. */
export function useNetworkWith(hooks: RunnerHooks, { scope = 'test' }: UseNetworkOptions): Network {
  const current = useTurns(hooks, scope, { start: startNetwork, leave: (network) => removeBehind(network) });
  return standIn(current, 'useNetwork()');
}
