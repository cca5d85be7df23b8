import type { FailedTest } from '../report/report';
import { watchTests, type FailureSettings, type TestWatch } from '../runner/observer';
import { namesOf, type CircusEvent, type CircusState, type CircusTest } from './circus';
import { thrownOf, withLines, withoutRepeatedCauses } from './error-lines';
import { messageOf } from '../support/errors';

/** Watches the tests of one file by jest-circus's events. */
export interface CircusWatch {
  handle(event: CircusEvent, state: CircusState): Promise<void>;
  /** Stops watching. */
  stop(): void;
}

export function watchCircus(settings: FailureSettings): CircusWatch {
  const watch = watchTests(settings);
  /** Lines for the tests that ran out of time, and for the blocks whose hooks did. */
  const overtimes = new WeakMap<object, readonly string[]>();
  return {
    handle: async (event, state) => {
      const { name, concurrent, test, describeBlock, error } = event;
      const failed = test ?? describeBlock;
      if (failed !== undefined && isTimeout(error)) overtimes.set(failed, watch.runOutOfTime(test));
      if (name === 'add_test' && concurrent === true) runInContext(state, watch);
      if (test === undefined) return;
      if (name === 'test_start') watch.start(test, optionsOf(test));
      if (name === 'test_fn_failure' || name === 'hook_failure') await watch.fail(test);
      if (name === 'test_done') await conclude(test, watch, linesFor(test, overtimes));
      // jest-circus starts a skipped test, but never calls it done.
      if (['test_done', 'test_skip', 'test_todo'].includes(name)) watch.end(test);
    },
    stop: () => watch.stop(),
  };
}

/** Jest's own words (jest-circus, `_makeTimeoutMessage`). It throws them as a string or as an error. */
function isTimeout(error: unknown): boolean {
  return /^Exceeded timeout of .* for a (test|hook)/.test(messageOf(error));
}

function linesFor(test: CircusTest, overtimes: WeakMap<object, readonly string[]>): readonly string[] {
  const own = overtimes.get(test);
  if (own !== undefined || !test.errors.map(thrownOf).some(isTimeout)) return own ?? [];
  // A hook of one of its blocks.
  for (let block = test.parent; block !== undefined; block = block.parent) {
    const lines = overtimes.get(block);
    if (lines !== undefined) return lines;
  }
  return [];
}

async function conclude(test: CircusTest, watch: TestWatch, before: readonly string[]): Promise<void> {
  const failed = test.errors.length === 0 ? undefined : failedTest(test);
  const lines = [...before, ...(await watch.conclude(test, failed))];
  test.errors = test.errors.map(withoutRepeatedCauses);
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
