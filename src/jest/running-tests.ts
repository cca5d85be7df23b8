import { AsyncLocalStorage } from 'node:async_hooks';
import type { CircusEvent, CircusState, CircusTest } from './circus';

/** Which tests of a file run, with something that is kept for each attempt at one from its start to its end. */
export interface RunningTests<Kept extends object> {
  /**
   * What tells the attempt that the caller runs in from every other. Concurrent tests are told apart by the asynchronous
   * context that each runs in, which a hook is not in: there it is undefined for them.
   */
  current(): object | undefined;
  /** What is kept for a test that runs, or for what {@link current} gave; undefined where it has ended. */
  find(testOrAttempt: object | undefined): Kept | undefined;
  /** To be told of every event before anything is done about it, and after. */
  before(event: CircusEvent, state: CircusState): void;
  after(event: CircusEvent): void;
}

export function watchRunningTests<Kept extends object>(create: () => Kept): RunningTests<Kept> {
  const context = new AsyncLocalStorage<CircusTest>();
  const kept = new Map<object, Kept>();
  let alone: CircusTest | undefined;
  const start = (test: CircusTest): void => {
    // Before Jest 30.5, concurrent tests run before their start is told.
    if (!kept.has(test)) kept.set(test, create());
    if (!test.concurrent) alone = test;
  };
  const end = (test: CircusTest): void => {
    kept.delete(test);
    if (alone === test) alone = undefined;
  };
  return {
    current: () => {
      const test = context.getStore() ?? alone;
      // What outlives its test belongs to it still, and not to all tests.
      return test === undefined ? undefined : (kept.get(test) ?? test);
    },
    find: (sought) =>
      sought === undefined
        ? undefined
        : (kept.get(sought) ?? [...kept.values()].find((attempt) => attempt === sought)),
    before: ({ name, concurrent, test }, state) => {
      if (name === 'add_test' && concurrent === true) runInContext(state, context, start);
      if (name === 'test_start' && test !== undefined) start(test);
    },
    after: ({ name, test }) => {
      // A test that is skipped is started all the same, but never done.
      if (test !== undefined && ['test_done', 'test_skip', 'test_todo'].includes(name)) end(test);
    },
  };
}

/** Has the test that was just defined run in a context of its own. */
function runInContext(
  { currentDescribeBlock }: CircusState,
  context: AsyncLocalStorage<CircusTest>,
  start: (test: CircusTest) => void,
): void {
  const test = currentDescribeBlock.children.at(-1);
  if (test === undefined || !('fn' in test) || test.fn === undefined || test.fn.length > 0) return;
  const { fn } = test;
  test.fn = function (this: unknown) {
    start(test);
    return context.run(test, () => fn.call(this));
  };
}
