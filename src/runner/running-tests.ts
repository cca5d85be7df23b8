import { AsyncLocalStorage } from 'node:async_hooks';

/** The running tests of a file, with data for each attempt at a test from its start to its end. */
export interface RunningTests<Test extends object, Data extends object> {
  /** To be called when an attempt at a test starts. A second call changes nothing. */
  start(test: Test, options: { concurrent: boolean }): void;
  /** To be called when the attempt has ended. */
  end(test: Test): void;
  /** Runs a test's function so that {@link current} knows the test in all that the function does. */
  runIn<Value>(test: Test, run: () => Value): Value;
  /**
   * Returns an object that identifies the attempt in which the caller runs. Concurrent tests are told apart by the
   * asynchronous context of each. A hook runs outside of that context, so that this is undefined in hooks of such tests.
   */
  current(): object | undefined;
  /** Returns the data of a running test, or of what {@link current} returned; undefined when the attempt has ended. */
  find(testOrAttempt: object | undefined): Data | undefined;
}

/** @param create makes the data of an attempt */
export function trackRunningTests<Test extends object, Data extends object>(
  create: () => Data,
): RunningTests<Test, Data> {
  const context = new AsyncLocalStorage<Test>();
  const attempts = new Map<object, Data>();
  let alone: Test | undefined;
  return {
    start: (test, { concurrent }) => {
      if (!attempts.has(test)) attempts.set(test, create());
      if (!concurrent) alone = test;
    },
    end: (test) => {
      attempts.delete(test);
      if (alone === test) alone = undefined;
    },
    runIn: (test, run) => context.run(test, run),
    current: () => {
      const test = context.getStore() ?? alone;
      // What runs on after its test still belongs to that test, and not to all tests.
      return test === undefined ? undefined : (attempts.get(test) ?? test);
    },
    find: (sought) =>
      sought === undefined
        ? undefined
        : (attempts.get(sought) ?? [...attempts.values()].find((data) => data === sought)),
  };
}
