import { printLine } from '../runner/messages';
import { extendExpect } from './extend-expect';
import { useRunner, type RunnerGlobals } from './hooks';

/** The `expect` of each file that has the matchers. */
const extended = new WeakSet();

let hasHinted = false;

/**
 * Does for a test file what belljar's environment does at the file's beginning. `load.ts` calls this in other
 * environments, with belljar loaded outside of the file's sandbox. So the file has the matchers, even in a project that
 * has only a part of the preset.
 */
export function enterTestFile(globals: RunnerGlobals): void {
  useRunner(globals);
  if (!extended.has(globals.expect)) extendExpect(globals.expect);
  extended.add(globals.expect);
  if (!hasHinted && process.env.BELLJAR_WORKERS !== undefined && process.env.JEST_WORKER_ID === '1') hint();
  hasHinted = true;
}

/** The preset has done its set-up, so the project wants the preset, but something keeps the environment off. */
function hint(): void {
  printLine(
    "belljar: this project's tests run in another environment than the preset's, so there are no reports of failed " +
      "tests, and leaks do not fail their file. With Jest's projects, set preset: 'belljar/jest-preset' in each project.",
  );
}
