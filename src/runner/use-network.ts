import { startNetwork, type Network } from '../container/network';
import { removeInBackground } from '../pool/warm-pool';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { scopeCheck, useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** How long a network of a fixture lasts. */
export interface UseNetworkOptions {
  /** `'test'`: a network for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

const checks = { scope: scopeCheck } satisfies OptionChecks<UseNetworkOptions>;

/**
 * Does what `useNetwork()` does, with the hooks of any test runner.
 *
 * @throws InvalidOptionError for an option that can't be used
 */
export function useNetworkWith(hooks: RunnerHooks, options: UseNetworkOptions): Network {
  checkOptions(options, checks);
  const { scope = 'test' } = options;
  const current = useFixture(hooks, scope, {
    start: startNetwork,
    release: (network) => removeInBackground(network),
  });
  return lazyProxy(current, {
    what: 'network',
    from: 'useNetwork()',
    elsewhere: 'startNetwork()',
    alone: 'startNetwork()',
    isPerTest: scope === 'test',
  });
}
