import { allRemoved, openPool } from '../pool/warm-pool';
import { oneOf } from '../support/options/option-checks';
import type { RunnerHooks } from './hooks';

/**
 * How long a fixture's value lasts. `'test'`: a fresh value for every test. `'file'`: one for the describe block or
 * file.
 */
export type Scope = 'test' | 'file';

export const scopeCheck = oneOf(['test', 'file']);

/** How to start what a test gets, and how to release it afterwards. */
export interface Fixture<Value> {
  start(): Promise<Value>;
  /** Has the value removed in the background. */
  release(value: Value): void;
}

/** How long a hook may take, in milliseconds: the first may have to pull an image. */
const hookTimeout = 10 * 60_000;

/**
 * Starts a value for each test of the describe block, or for all of them together. The value is released when the next
 * test begins, or after the last. It is not released in an `afterEach` hook: Jest runs those in the order of their
 * definition, so that the user's own hooks, defined later, would find the value gone.
 *
 * @returns a function that returns the running test's value; undefined outside of tests
 */
export function useFixture<Value>(
  hooks: RunnerHooks,
  scope: Scope,
  fixture: Fixture<Value>,
): () => Value | undefined {
  const { begin, next, end, current } = createLifecycle(fixture);
  hooks.beforeAll(begin, hookTimeout);
  if (scope === 'test') hooks.beforeEach(next, hookTimeout);
  else hooks.beforeAll(next, hookTimeout);
  hooks.afterAll(end, hookTimeout);
  return current;
}

function createLifecycle<Value>(fixture: Fixture<Value>) {
  let pool: AsyncDisposable | undefined;
  let starting: Promise<Value> | undefined;
  let current: Value | undefined;
  const release = async (): Promise<void> => {
    const started = starting;
    starting = current = undefined;
    // A start that failed has failed its test already, and there is nothing to remove.
    const value = await started?.catch(() => undefined);
    if (value !== undefined) fixture.release(value);
  };
  return {
    current: () => current,
    begin: (): Promise<void> => {
      pool = openPool();
      return Promise.resolve();
    },
    next: async (): Promise<void> => {
      await release();
      starting = fixture.start();
      current = await starting;
    },
    end: async (): Promise<void> => {
      await release();
      await Promise.all([pool?.[Symbol.asyncDispose](), allRemoved()]);
    },
  };
}
