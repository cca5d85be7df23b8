import type { FailedTest } from '../report/report';
import { watchTests, type FailureSettings, type TestWatch } from '../runner/observer';
import { namesOf, type CircusEvent, type CircusState, type CircusTest } from './circus';
import { thrownOf, withLines } from './error-lines';

/** Watches the tests of one file by jest-circus's events. */
export interface CircusWatch {
  handle(event: CircusEvent, state: CircusState): Promise<void>;
  /** Stops watching. */
  stop(): void;
}

export function watchCircus(settings: FailureSettings): CircusWatch {
  const watch = watchTests(settings);
  return {
    handle: async (event, state) => {
      const { name, concurrent, test } = event;
      if (name === 'add_test' && concurrent === true) runInContext(state, watch);
      if (test === undefined) return;
      if (name === 'test_start') watch.start(test, optionsOf(test));
      if (name === 'test_fn_failure' || name === 'hook_failure') await watch.fail(test);
      if (name === 'test_done') await conclude(test, watch);
      // jest-circus starts a skipped test, but never calls it done.
      if (['test_done', 'test_skip', 'test_todo'].includes(name)) watch.end(test);
    },
    stop: () => watch.stop(),
  };
}

async function conclude(test: CircusTest, watch: TestWatch): Promise<void> {
  const lines = await watch.conclude(test, test.errors.length === 0 ? undefined : failedTest(test));
  const last = test.errors.length - 1;
  if (lines.length > 0) test.errors[last] = withLines(test.errors[last], lines);
}

function optionsOf(test: CircusTest): { concurrent: boolean; title: string } {
  return { concurrent: test.concurrent, title: namesOf(test).join(' › ') };
}

function failedTest(test: CircusTest): FailedTest {
  return {
    identity: test,
    names: namesOf(test),
    attempt: test.invocations,
    errors: test.errors.map(thrownOf),
  };
}

/** Makes the newest test of the block run in an asynchronous context of its own. */
function runInContext({ currentDescribeBlock }: CircusState, watch: TestWatch): void {
  const test = currentDescribeBlock.children.at(-1);
  if (test === undefined || !('fn' in test) || test.fn === undefined || test.fn.length > 0) return;
  const { fn } = test;
  test.fn = function (this: unknown) {
    // Before Jest 30.5, concurrent tests run before the event of their start.
    watch.start(test, optionsOf(test));
    return watch.runIn(test, () => fn.call(this));
  };
}
