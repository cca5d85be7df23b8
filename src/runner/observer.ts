import { describeBox, type BoxDescription } from '../report/box-description';
import { boxesOf } from '../pool/warm-pool';
import { setTestObserver } from '../pool/test-observer';
import type { Box } from '../box/box';
import { discardRetained, retainContainer } from '../container/retention';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import type { FailedTest } from '../report/report';
import { trackRunningTests } from './running-tests';

/** What is done with failed tests. */
export interface FailureSettings {
  /** Whether their containers are kept. */
  keep: boolean;
  /** Writes a report; undefined where none is wanted. Gives, in a line, where it is. */
  write: ((test: FailedTest, descriptions: readonly BoxDescription[]) => Promise<string>) | undefined;
}

/** What is known of the containers of one attempt at a test that has not ended. */
interface Watch {
  /** By the containers' ids. */
  descriptions: Map<string, BoxDescription>;
  /** Containers that were removed in it. */
  removed: Set<Box>;
  /** What there is to say about containers that are kept, by their ids. */
  kept: Map<string, string>;
  /** Kept because what was done with them failed; whether the test does, too, comes out later. */
  keptEarly: Set<Box>;
}

/** Watches the tests of one file, as a test runner tells of them: the runner's own test is what they are known by. */
export interface TestWatch {
  /** To be told when an attempt at a test starts; once more changes nothing. */
  start(test: object, options: { concurrent: boolean }): void;
  /** Runs a test's function so that what it starts is known to be the test's, whatever runs beside it. */
  runIn<Value>(test: object, run: () => Value): Value;
  /** To be told of a failure before anything is done about it: the test's containers are looked at now. */
  fail(test: object): Promise<void>;
  /**
   * To be told when a test is over and all that failed in it is known, before {@link end}.
   *
   * @param failed the test; undefined when it passed
   * @returns what there is to say below the failure, a line each
   */
  conclude(test: object, failed: FailedTest | undefined): Promise<string[]>;
  /** To be told when the attempt has ended. */
  end(test: object): void;
  /** Watches no longer. */
  stop(): void;
}

/**
 * Watches the tests of one file. Of a failed one, the containers are looked at before any hook runs that may remove
 * them: its own and those that belong to no test.
 */
export function watchTests(settings: FailureSettings): TestWatch {
  const running = trackRunningTests<object, Watch>(() => ({
    descriptions: new Map(),
    removed: new Set(),
    kept: new Map(),
    keptEarly: new Set(),
  }));
  const fail = async (test: object): Promise<void> => {
    const watch = running.find(test);
    if (watch !== undefined)
      await Promise.all(boxesOf(watch).map((box) => lookAtLiving(box, watch, settings)));
  };
  setTestObserver({
    currentTest: () => running.current(),
    removed: (box, test) => running.find(test)?.removed.add(box),
    failed: async (box) => {
      const watch = running.find(running.current());
      if (watch === undefined) return;
      await lookAtLiving(box, watch, settings);
      if (settings.keep) watch.keptEarly.add(box);
    },
  });
  return {
    start: (test, options) => running.start(test, options),
    runIn: (test, run) => running.runIn(test, run),
    fail,
    conclude: async (test, failed) => {
      const watch = running.find(test);
      if (watch === undefined) return [];
      if (failed === undefined) {
        await Promise.all([...watch.keptEarly].map((box) => discardRetained(box)));
        return [];
      }
      await fail(test);
      return say(failed, watch, settings);
    },
    end: (test) => running.end(test),
    stop: () => setTestObserver(undefined),
  };
}

/** Once of each container: before it is removed, or anything is done about the failure. */
async function lookAtLiving(box: Box, watch: Watch, { keep, write }: FailureSettings): Promise<void> {
  if (keep && !watch.kept.has(box.id)) watch.kept.set(box.id, await keepSafely(box));
  if (write === undefined || watch.descriptions.has(box.id)) return;
  watch.descriptions.set(box.id, await describeBox(box, { alive: true }));
}

/** What there is to say below the failure, a line each. */
async function say(
  test: FailedTest,
  { descriptions, removed, kept }: Watch,
  { write }: FailureSettings,
): Promise<string[]> {
  const lines: string[] = [];
  if (write !== undefined) {
    const unseen = [...removed].filter(({ id }) => !descriptions.has(id));
    for (const box of unseen) descriptions.set(box.id, await describeBox(box, { alive: false }));
    if (descriptions.size > 0) lines.push(await writeSafely(() => write(test, [...descriptions.values()])));
  }
  return [...lines, ...kept.values()].map((line) => `belljar: ${line}`);
}

/** A report that can't be written must not hide why the test failed. */
async function writeSafely(write: () => Promise<string>): Promise<string> {
  try {
    return await write();
  } catch (error) {
    return `no report could be written: ${oneLine(error)}`;
  }
}

/** Nor must a container that can't be kept. */
async function keepSafely(box: Box): Promise<string> {
  try {
    return await retainContainer(box);
  } catch (error) {
    return `container ${box.id.slice(0, 12)} could not be kept: ${oneLine(error)}`;
  }
}

function oneLine(error: unknown): string {
  return printable(messageOf(error)).split('\n')[0] ?? '';
}
