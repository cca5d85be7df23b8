import type { Box } from '../box/box';

/** A test while it runs. */
export interface RunningTest {
  /** The names of its describe blocks and its own, as a runner prints them: `an installer › asks first`. */
  readonly title: string;
  /** Whether other tests of the file run at the same time (`test.concurrent`). */
  readonly concurrent: boolean;
}

/** The object that the pool tells about boxes while tests run, for the reports of failed tests. */
export interface TestObserver {
  /** Whether boxes are to record commands. */
  readonly records: boolean;
  /** Returns the test in which the caller runs; undefined outside tests and in hooks that belong to no test. */
  currentTest(): RunningTest | undefined;
  /** A box is about to be removed because a function with it failed. Never rejects. */
  failed(box: Box, error: unknown): Promise<void>;
  /** A box that was handed out in a test is being removed. */
  removed(box: Box, test: RunningTest | undefined): void;
}

let observer: TestObserver | undefined;

/**
 * Whether boxes record commands: from the first such observer on, because a box may be started ahead between two test
 * files.
 */
let recording = false;

/** Sets the observer, or removes it with undefined. */
export function setTestObserver(next: TestObserver | undefined): void {
  observer = next;
  recording ||= next?.records === true;
}

export function currentTestObserver(): TestObserver | undefined {
  return observer;
}

export function recordsCommands(): boolean {
  return recording;
}
