import { describeBox, type BoxDescription } from '../box/description/description';
import { boxesOf } from '../pool/warm-pool';
import { setWitness } from '../pool/test-observer';
import type { Box } from '../box/box';
import { discardKept, keepContainer } from '../container/retention';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import type { CircusEvent, CircusState, CircusTest } from './circus';
import { withNote } from './error-note';
import { watchRunningTests } from './running-tests';

/** What is done with failed tests. */
export interface FailureSettings {
  /** Whether their containers are kept. */
  keep: boolean;
  /** Writes a report; undefined where none is wanted. Gives, in a line, where it is. */
  write: ((test: CircusTest, descriptions: readonly BoxDescription[]) => Promise<string>) | undefined;
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

/**
 * Watches the tests of one file. Of a failed one, the containers are looked at before any `afterEach` hook runs: its own and
 * those that belong to no test.
 *
 * @returns what handles jest-circus's events
 */
export function watchTests(settings: FailureSettings): {
  handle: (event: CircusEvent, state: CircusState) => Promise<void>;
  stop: () => void;
} {
  const running = watchRunningTests<Watch>(() => ({
    descriptions: new Map(),
    removed: new Set(),
    kept: new Map(),
    keptEarly: new Set(),
  }));
  const failed = async (test: CircusTest): Promise<void> => {
    const watch = running.find(test);
    if (watch !== undefined)
      await Promise.all(boxesOf(watch).map((box) => lookAtLiving(box, watch, settings)));
  };
  setWitness({
    currentTest: () => running.current(),
    removed: (box, test) => running.find(test)?.removed.add(box),
    failed: async (box) => {
      const watch = running.find(running.current());
      if (watch === undefined) return;
      await lookAtLiving(box, watch, settings);
      if (settings.keep) watch.keptEarly.add(box);
    },
  });
  const conclude = async (test: CircusTest): Promise<void> => {
    const watch = running.find(test);
    if (watch === undefined) return;
    if (test.errors.length === 0) {
      await Promise.all([...watch.keptEarly].map((box) => discardKept(box)));
      return;
    }
    await failed(test);
    const lines = await say(test, watch, settings);
    const last = test.errors.length - 1;
    if (lines.length > 0) test.errors[last] = withNote(test.errors[last], lines);
  };
  return {
    handle: async (event, state) => {
      running.before(event, state);
      const { name, test } = event;
      if (test === undefined) return;
      if (name === 'test_fn_failure' || name === 'hook_failure') await failed(test);
      if (name === 'test_done') await conclude(test);
      running.after(event);
    },
    stop: () => setWitness(undefined),
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
  test: CircusTest,
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
    return await keepContainer(box);
  } catch (error) {
    return `container ${box.id.slice(0, 12)} could not be kept: ${oneLine(error)}`;
  }
}

function oneLine(error: unknown): string {
  return printable(messageOf(error)).split('\n')[0] ?? '';
}
