import { AsyncLocalStorage } from 'node:async_hooks';

/** Which tests of a file run, with something that is kept for each attempt at one from its start to its end. */
export interface RunningTests<Test extends object, Kept extends object> {
  /** To be told when an attempt at a test starts; once more changes nothing. */
  start(test: Test, options: { concurrent: boolean }): void;
  /** To be told when the attempt has ended. */
  end(test: Test): void;
  /** Runs a test's function so that {@link current} knows the test in all that the function does. */
  runIn<Value>(test: Test, run: () => Value): Value;
  /**
   * What tells the attempt that the caller runs in from every other. Concurrent tests are told apart by the
   * asynchronous context that each runs in, which a hook is not in: there it is undefined for them.
   */
  current(): object | undefined;
  /** What is kept for a test that runs, or for what {@link current} returned; undefined when it has ended. */
  find(testOrAttempt: object | undefined): Kept | undefined;
}

/** @param create makes what is kept for an attempt */
export function trackRunningTests<Test extends object, Kept extends object>(
  create: () => Kept,
): RunningTests<Test, Kept> {
  const context = new AsyncLocalStorage<Test>();
  const kept = new Map<object, Kept>();
  let alone: Test | undefined;
  return {
    start: (test, { concurrent }) => {
      if (!kept.has(test)) kept.set(test, create());
      if (!concurrent) alone = test;
    },
    end: (test) => {
      kept.delete(test);
      if (alone === test) alone = undefined;
    },
    runIn: (test, run) => context.run(test, run),
    current: () => {
      const test = context.getStore() ?? alone;
      // What outlives its test belongs to it still, and not to all tests.
      return test === undefined ? undefined : (kept.get(test) ?? test);
    },
    find: (sought) =>
      sought === undefined
        ? undefined
        : (kept.get(sought) ?? [...kept.values()].find((attempt) => attempt === sought)),
  };
}
