import { AsyncLocalStorage } from 'node:async_hooks';

/** The running tests of a file, with data for each attempt at a test from its start to its end. */
export interface RunningTests<Test extends object, Data extends object> {
  /** To be called when an attempt at a test starts. A second call changes nothing. */
  start(test: Test, options: { concurrent: boolean; title: string }): void;
  /** To be called when the attempt has ended. */
  end(test: Test): void;
  /** Runs a test's function so that {@link current} knows the test in all that the function does. */
  runIn<Value>(test: Test, run: () => Value): Value;
  /**
   * Returns the data of the attempt in which the caller runs, even if the attempt has ended. Concurrent tests are told
   * apart by the asynchronous context of each. A hook runs outside of that context, so that this is undefined in hooks
   * of such tests.
   */
  current(): Data | undefined;
  /** Returns the data of a running test, or what {@link current} returned; undefined when the attempt has ended. */
  find(testOrData: Test | Data | undefined): Data | undefined;
}

/** @param create makes the data of an attempt */
export function trackRunningTests<Test extends object, Data extends object>(
  create: (options: { concurrent: boolean; title: string }) => Data,
): RunningTests<Test, Data> {
  const context = new AsyncLocalStorage<Test>();
  const attempts = new Map<object, Data>();
  /** What runs on after its test still belongs to that test, and not to all tests. */
  const latest = new WeakMap<Test, Data>();
  let alone: Test | undefined;
  return {
    start: (test, { concurrent, title }) => {
      if (!attempts.has(test)) {
        const data = create({ concurrent, title });
        attempts.set(test, data);
        latest.set(test, data);
      }
      if (!concurrent) alone = test;
    },
    end: (test) => {
      attempts.delete(test);
      if (alone === test) alone = undefined;
    },
    runIn: (test, run) => context.run(test, run),
    current: () => {
      const test = context.getStore() ?? alone;
      return test === undefined ? undefined : latest.get(test);
    },
    find: (sought) =>
      sought === undefined
        ? undefined
        : (attempts.get(sought) ?? [...attempts.values()].find((data) => data === sought)),
  };
}
