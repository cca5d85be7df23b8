import { startNetwork as startUntracked, type Network } from '../container/network';
import { callSite } from '../support/call-site';
import { useNetwork } from './in-use';

/**
 * Starts a private network, for `startContainer({ network, hostname: 'leader' })`. The caller removes it:
 * `await using network = await startNetwork()`, or `await network.remove()`.
 *
 * @throws EngineError if there is no engine; `RUN_OVER` if the process that owns the run has died
 */
export async function startNetwork(): Promise<Network> {
  const site = callSite(startNetwork);
  const untracked = await startUntracked();
  const remove = (): Promise<void> => {
    forget();
    return untracked.remove();
  };
  const { id, name } = untracked;
  const network = { id, name, remove, [Symbol.asyncDispose]: remove };
  const forget = useNetwork(network, site);
  return network;
}
