import { allRemoved, openPool } from '../pool/warm-pool';
import { oneOf } from '../support/option-checks';
import type { RunnerHooks } from './hooks';

/** `'test'`: a fresh one for every test. `'file'`: one for the describe block or file. */
export type Scope = 'test' | 'file';

export const scopeCheck = oneOf(['test', 'file']);

/** What tests get one after another. */
export interface Fixture<Value> {
  start(): Promise<Value>;
  /** Lets it be removed, behind the next test. */
  release(value: Value): void;
}

/** How long the hooks may take: an image that has to be fetched first takes its time. Milliseconds. */
const hookTimeout = 10 * 60_000;

/**
 * Gives each test of the describe block, or all of them together, something that is started for them. It is left when
 * the next test begins, or after the last, and not in an `afterEach` hook: Jest runs those in the order of their
 * definition, so that the user's own, defined later, would find it gone.
 *
 * @returns what the running test has; undefined outside of tests
 */
export function useFixture<Value>(
  hooks: RunnerHooks,
  scope: Scope,
  fixture: Fixture<Value>,
): () => Value | undefined {
  const { begin, next, end, current } = createTurns(fixture);
  hooks.beforeAll(begin, hookTimeout);
  if (scope === 'test') hooks.beforeEach(next, hookTimeout);
  else hooks.beforeAll(next, hookTimeout);
  hooks.afterAll(end, hookTimeout);
  return current;
}

function createTurns<Value>(fixture: Fixture<Value>) {
  let pool: AsyncDisposable | undefined;
  let starting: Promise<Value> | undefined;
  let current: Value | undefined;
  const leave = async (): Promise<void> => {
    const started = starting;
    starting = current = undefined;
    // A start that failed has failed its test already, and has left nothing.
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
      await leave();
      starting = fixture.start();
      current = await starting;
    },
    end: async (): Promise<void> => {
      await leave();
      await Promise.all([pool?.[Symbol.asyncDispose](), allRemoved()]);
    },
  };
}
