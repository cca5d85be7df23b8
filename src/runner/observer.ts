import { createBoxDescription, type BoxDescription } from '../report/box-description';
import { boxesOf } from '../pool/in-use';
import { setTestObserver, type RunningTest } from '../pool/test-observer';
import type { Box } from '../box/box';
import { discardRetained, retainContainer } from '../container/retention';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import { shortId } from '../support/short-id';
import type { FailedTest } from '../report/report';
import { describeRunningCalls } from './running-calls';
import { trackRunningTests } from './running-tests';

/** What belljar does about failed tests. */
export interface FailureSettings {
  /** Whether belljar retains the containers of failed tests. */
  keep: boolean;
  /** Writes a report, and returns a line that says where it is. Undefined if reports are off. */
  write: ((test: FailedTest, descriptions: readonly BoxDescription[]) => Promise<string>) | undefined;
}

/** The containers of one attempt at a test that has not ended. */
interface Watch extends RunningTest {
  /** By the containers' ids. */
  descriptions: Map<string, BoxDescription>;
  /** Containers that were removed during the attempt. */
  removed: Set<Box>;
  /** A line about each container that was to be retained, by its id. */
  retentions: Map<string, string>;
  /** Retained because a function with the container failed; whether the test fails, too, is known later. */
  retainedEarly: Set<Box>;
}

/** Watches the tests of one file. A test runner calls it, and identifies each test by the runner's own object. */
export interface TestWatch {
  /** To be called when an attempt at a test starts. A second call changes nothing. */
  start(test: object, options: { concurrent: boolean; title: string }): void;
  /** Runs a test's function so that the containers it starts belong to the test, even if other tests run beside it. */
  runIn<Value>(test: object, run: () => Value): Value;
  /**
   * To be called when a test or its hook has run out of time, at once.
   *
   * @param test undefined for a hook of a block
   * @returns lines to print below the failure: the calls of belljar that were running
   */
  runOutOfTime(test: object | undefined): string[];
  /** To be called at a failure, before any hook runs: belljar describes the test's containers now. */
  fail(test: object): Promise<void>;
  /**
   * To be called when a test is over and all of its failures are known, before {@link end}.
   *
   * @param failed the test; undefined if it passed
   * @returns lines to print below the failure
   */
  conclude(test: object, failed: FailedTest | undefined): Promise<string[]>;
  /** To be called when the attempt has ended. */
  end(test: object): void;
  /** Stops watching. */
  stop(): void;
}

/**
 * Watches the tests of one file. At a failure, it describes the test's containers, and those that belong to no test,
 * before any hook can remove them.
 */
export function watchTests(settings: FailureSettings): TestWatch {
  const running = trackRunningTests<object, Watch>((options) => ({
    ...options,
    descriptions: new Map(),
    removed: new Set(),
    retentions: new Map(),
    retainedEarly: new Set(),
  }));
  const fail = async (test: object): Promise<void> => {
    const watch = running.find(test);
    if (watch !== undefined)
      await Promise.all(boxesOf(watch).map((box) => describeOnce(box, watch, settings)));
  };
  setTestObserver({
    records: settings.write !== undefined,
    currentTest: () => running.current(),
    removed: (box, test) => running.find(test)?.removed.add(box),
    failed: async (box) => {
      const watch = running.find(running.current());
      if (watch === undefined) return;
      await describeOnce(box, watch, settings);
      if (settings.keep) watch.retainedEarly.add(box);
    },
  });
  return {
    start: (test, options) => running.start(test, options),
    runIn: (test, run) => running.runIn(test, run),
    runOutOfTime: (test) => describeRunningCalls(running.find(test)).map((line) => `belljar: ${line}`),
    fail,
    conclude: async (test, failed) => {
      const watch = running.find(test);
      if (watch === undefined) return [];
      if (failed === undefined) {
        await Promise.all([...watch.retainedEarly].map((box) => discardRetained(box)));
        return [];
      }
      await fail(test);
      return linesBelowFailure(failed, watch, settings);
    },
    end: (test) => running.end(test),
    stop: () => setTestObserver(undefined),
  };
}

/** Retains and describes a living container, once for each attempt. */
async function describeOnce(box: Box, watch: Watch, { keep, write }: FailureSettings): Promise<void> {
  if (keep && !watch.retentions.has(box.id)) watch.retentions.set(box.id, await retainSafely(box));
  if (write === undefined || watch.descriptions.has(box.id)) return;
  watch.descriptions.set(box.id, await createBoxDescription(box, { alive: true }));
}

async function linesBelowFailure(
  test: FailedTest,
  { descriptions, removed, retentions }: Watch,
  { write }: FailureSettings,
): Promise<string[]> {
  const lines: string[] = [];
  if (write !== undefined) {
    const unseen = [...removed].filter(({ id }) => !descriptions.has(id));
    for (const box of unseen) descriptions.set(box.id, await createBoxDescription(box, { alive: false }));
    if (descriptions.size > 0) lines.push(await writeSafely(() => write(test, [...descriptions.values()])));
  }
  return [...lines, ...retentions.values()].map((line) => `belljar: ${line}`);
}

/** A report that can't be written must not hide why the test failed. */
async function writeSafely(write: () => Promise<string>): Promise<string> {
  try {
    return await write();
  } catch (error) {
    return `the report could not be written: ${oneLine(error)}`;
  }
}

/** Nor must a container that can't be retained. */
async function retainSafely(box: Box): Promise<string> {
  try {
    return await retainContainer(box);
  } catch (error) {
    return `container ${shortId(box.id)} could not be kept: ${oneLine(error)}`;
  }
}

function oneLine(error: unknown): string {
  return printable(messageOf(error)).split('\n')[0] ?? '';
}
