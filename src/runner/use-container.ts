import type { Box } from '../box/box';
import { checkTogether } from '../container/options/together';
import { startChecks, startWith, type StartOptions } from '../pool/start-container';
import { removeInBackground } from '../pool/warm-pool';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { scopeCheck, useFixture, type Scope } from './fixture';
import type { RunnerHooks } from './hooks';
import { lazyProxy } from './lazy-proxy';

/** How `useContainer()` starts its containers, and for how long. */
export interface UseContainerOptions extends StartOptions {
  /** `'test'`: a fresh container for every test. `'file'`: one for the describe block or file. Default `'test'`. */
  scope?: Scope;
}

const checks = { ...startChecks, scope: scopeCheck } satisfies OptionChecks<UseContainerOptions>;

/**
 * Does what `useContainer()` does, with the hooks of any test runner.
 *
 * @throws InvalidOptionError for an option that can't be used
 */
export function useContainerWith(hooks: RunnerHooks, options: UseContainerOptions): Box {
  checkOptions(options, checks);
  checkTogether(options);
  const { scope = 'test', ...start } = options;
  const current = useFixture(hooks, scope, {
    start: () => startWith(start),
    release: (box) => removeInBackground(box),
  });
  return lazyProxy(current, {
    what: 'container',
    from: 'useContainer()',
    elsewhere: 'startContainer() or withContainer()',
    alone: 'withContainer()',
    isPerTest: scope === 'test',
  });
}
