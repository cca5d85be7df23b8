import { startNetwork, type Network } from '../container/network';
import { removeBehind } from '../pool/warm-pool';
import { useTurns, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { standIn } from './lazy-proxy';

export interface UseNetworkOptions {
  /** `'test'`: a network for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

/** The same for any runner's hooks. */
export function useNetworkWith(hooks: RunnerHooks, { scope = 'test' }: UseNetworkOptions): Network {
  const current = useTurns(hooks, scope, { start: startNetwork, leave: (network) => removeBehind(network) });
  return standIn(current, 'useNetwork()');
}
