import { RunnerError } from '../runner/errors';
import type { RunnerHooks } from '../runner/hooks';

/** Jest's `expect`, as far as belljar extends it. */
export interface RunnerExpect {
  extend(matchers: object): void;
  addSnapshotSerializer(serializer: object): void;
}

/** The globals that jest-circus makes for a test file. */
export type RunnerGlobals = RunnerHooks & { expect: RunnerExpect };

let given: RunnerGlobals | undefined;

/**
 * Sets the globals of the test file that runs now. belljar's environment needs this: it outlives each file, and runs
 * outside of the files' globals.
 *
 * @param globals undefined after the file
 */
export function useRunner(globals: RunnerGlobals | undefined): void {
  given = globals;
}

/**
 * Returns the hooks of the Jest that loaded this file.
 *
 * @throws RunnerError `NO_TEST_RUNNER` outside Jest
 */
export function jestHooks(): RunnerHooks {
  return jestGlobals(
    ['beforeAll', 'afterAll', 'beforeEach'],
    'useContainer(), useContainers() and useNetwork() work only inside a Jest test file. Elsewhere, use ' +
      'startContainer(), withContainer(), startContainers() or startNetwork().',
  ) as RunnerHooks;
}

/**
 * Returns the `expect` of the Jest that loaded this file.
 *
 * @throws RunnerError `NO_TEST_RUNNER` outside Jest
 */
export function jestExpect(): RunnerExpect {
  const advice =
    "'belljar/jest' adds matchers to Jest's expect. Import it in a test file, or name it in Jest's setupFilesAfterEnv.";
  return (jestGlobals(['expect'], advice) as { expect: RunnerExpect }).expect;
}

/** Returns what the environment has set; otherwise Jest's globals, or `@jest/globals` if `injectGlobals` is off. */
function jestGlobals(names: readonly string[], advice: string): object {
  if (given !== undefined) return given;
  if (names.every((name) => name in globalThis)) return globalThis;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the package exists only inside Jest
    return require('@jest/globals') as object;
  } catch (cause) {
    throw new RunnerError('NO_TEST_RUNNER', advice, { cause });
  }
}
