import { startNetwork, type Network } from '../container/network';
import { removeInBackground } from '../pool/warm-pool';
import { useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** How long a network of a fixture lasts. */
export interface UseNetworkOptions {
  /** `'test'`: a network for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

/** The same for any runner's hooks. */
export function useNetworkWith(hooks: RunnerHooks, { scope = 'test' }: UseNetworkOptions): Network {
  const current = useFixture(hooks, scope, {
    start: startNetwork,
    release: (network) => removeInBackground(network),
  });
  return lazyProxy(current, 'useNetwork()');
}
