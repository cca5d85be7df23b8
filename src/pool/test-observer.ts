import type { Box } from '../box/box';

/** Who is told of boxes while tests run: what writes the reports of failed tests. */
export interface TestObserver {
  /** Stands for the test that the caller runs in; undefined in hooks that belong to no test, and outside tests. */
  currentTest(): object | undefined;
  /** A box is about to be removed because what was done with it failed. Never rejects. */
  failed(box: Box, error: unknown): Promise<void>;
  /** A box that was handed out in a test is being removed. */
  removed(box: Box, test: object | undefined): void;
}

let observer: TestObserver | undefined;

/** Whether commands are noted, from the first witness on: a box may be started ahead between two test files. */
let recording = false;

/** Has somebody told from now on; nobody any more with undefined. */
export function setTestObserver(next: TestObserver | undefined): void {
  observer = next;
  recording ||= next !== undefined;
}

export function currentTestObserver(): TestObserver | undefined {
  return observer;
}

export function recordsCommands(): boolean {
  return recording;
}
