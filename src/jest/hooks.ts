import { RunnerError } from '../runner/errors';
import type { RunnerHooks } from '../runner/hooks';

/** What takes matchers and snapshot serializers. */
export interface RunnerExpect {
  extend(matchers: object): void;
  addSnapshotSerializer(serializer: object): void;
}

/** What jest-circus gives to a test file. */
export type RunnerGlobals = RunnerHooks & { expect: RunnerExpect };

let given: RunnerGlobals | undefined;

/** Tells which test file runs now: belljar's environment lives longer than any, and outside their globals. */
export function useRunner(globals: RunnerGlobals | undefined): void {
  given = globals;
}

/**
 * The hooks of the Jest that loaded this file.
 *
 * @throws RunnerError `NO_TEST_RUNNER` outside Jest
 */
export function jestHooks(): RunnerHooks {
  return jestGlobals(
    ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'],
    'useContainer() works inside a Jest test file. Elsewhere, use startContainer() or withContainer().',
  ) as RunnerHooks;
}

/**
 * The `expect` of the Jest that loaded this file.
 *
 * @throws RunnerError `NO_TEST_RUNNER` outside Jest
 */
export function jestExpect(): RunnerExpect {
  const advice =
    "'belljar/jest' adds matchers to Jest's expect: import it in a test file, or name it in Jest's setupFilesAfterEnv.";
  return (jestGlobals(['expect'], advice) as { expect: RunnerExpect }).expect;
}

/** What the environment gave; else Jest's globals or, where `injectGlobals` is off, what `@jest/globals` gives. */
function jestGlobals(names: readonly string[], advice: string): object {
  if (given !== undefined) return given;
  if (names.every((name) => name in globalThis)) return globalThis;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- there only inside Jest, and only then wanted
    return require('@jest/globals') as object;
  } catch (cause) {
    throw new RunnerError('NO_TEST_RUNNER', advice, { cause });
  }
}
