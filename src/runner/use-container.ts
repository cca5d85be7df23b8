import type { Box } from '../box/box';
import { startChecks, startWith, type StartOptions } from '../pool/start-container';
import { removeInBackground } from '../pool/warm-pool';
import { checkOptions, type OptionChecks } from '../support/check-options';
import { scopeCheck, useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** How `useContainer()` starts its containers. */
export interface UseContainerOptions extends StartOptions {
  /** `'test'`: a fresh container for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

const checks = { ...startChecks, scope: scopeCheck } satisfies OptionChecks<UseContainerOptions>;

/**
 * The same for any runner's hooks.
 *
 * @throws InvalidOptionError for an option that can't be used
 */
export function useContainerWith(hooks: RunnerHooks, options: UseContainerOptions): Box {
  checkOptions(options, checks);
  const { scope = 'test', ...start } = options;
  const current = useFixture(hooks, scope, {
    start: () => startWith(start),
    release: (box) => removeInBackground(box),
  });
  return lazyProxy(current, 'useContainer()');
}
