import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { openPool, poolSettled } from '../pool/warm-pool';
import { detachAll } from '../pool/attach';
import { retainsFailed } from '../container/retention';
import type { CircusEvent, CircusState } from './circus';
import { withoutRepeatedCauses } from './error-lines';
import { extendExpect } from './extend-expect';
import { watchCircus, type CircusWatch } from './observe-circus';
import { leakError, removeLeaksOfFile } from '../runner/leak';
import { createReports } from '../report/report';
import { reportDirectory } from '../report/report-settings';
import { printLine } from '../runner/messages';
import { useRunner, type RunnerGlobals } from './hooks';

export type { CircusBlock, CircusEvent, CircusState, CircusTest } from './circus';

/** The global under which test files find the belljar of their worker. */
const sharedName = Symbol.for('belljar');

let shared: object | undefined;
let pool: AsyncDisposable | undefined;

/**
 * Sets what test files get when they load belljar: the entry points of the bundle, as functions.
 *
 * @param entries the bundle that this file is part of
 */
export function shareWithTests(entries: object): void {
  shared = entries;
}

/**
 * Jest's Node.js environment, with one pool of containers for all test files of a worker. A leak fails its test file.
 * belljar writes a report of each failed test, and retains its containers if `BELLJAR_KEEP` asks for it.
 *
 * The environment does not close the pool, because Jest does not say which file is a worker's last. belljar's global
 * tear-down removes what is in the pool then.
 *
 * Source: https://jestjs.io/docs/configuration#testenvironment-string
 */
export default class BelljarEnvironment extends TestEnvironment {
  readonly #tests: CircusWatch;

  /** @throws InvalidOptionError for settings that can't be used */
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    if (shared !== undefined) Object.assign(this.global, { [sharedName]: shared });
    this.#tests = circusWatch(config, context);
    if (pool === undefined) hintAtSetUp();
    pool ??= openPool();
  }

  async handleTestEvent(event: CircusEvent, state: CircusState): Promise<void> {
    if (event.name === 'setup') {
      const globals = event.runtimeGlobals as RunnerGlobals;
      extendExpect(globals.expect);
      useRunner(globals);
    }
    await this.#tests.handle(event, state);
    if (event.name === 'run_finish')
      state.unhandledErrors = [...state.unhandledErrors.map(withoutRepeatedCauses), ...(await leaksOfFile())];
  }

  override async teardown(): Promise<void> {
    useRunner(undefined);
    this.#tests.stop();
    try {
      // What was started after all hooks, or is of another runner than jest-circus, which tells nothing.
      const [problem] = await leaksOfFile();
      await detachAll();
      if (problem !== undefined) throw problem;
      // This may be the worker's last file, and Jest kills a worker that has not ended after half a second.
      await poolSettled();
    } finally {
      await super.teardown();
    }
  }
}

/** A project's own `globalSetup` replaces the preset's, and then nothing looks for what killed runs have left. */
function hintAtSetUp(): void {
  if (process.env.BELLJAR_WORKERS !== undefined || process.env.JEST_WORKER_ID !== '1') return;
  printLine(
    "belljar: its global set-up has not run, because the project's own globalSetup replaces the preset's. To have both, " +
      "call it there: await require(require('belljar/jest-preset').globalSetup).default(config). globalTeardown alike.",
  );
}

function circusWatch(
  { globalConfig, projectConfig }: JestEnvironmentConfig,
  { testPath }: EnvironmentContext,
): CircusWatch {
  const { rootDir } = globalConfig;
  const directory = reportDirectory(rootDir);
  const keep = retainsFailed();
  const project = projectConfig.displayName?.name ?? '';
  const write =
    directory === undefined ? undefined : createReports({ directory, rootDir, testPath, project });
  return watchCircus({ keep, write });
}

/** Removes the leaks of the file. Returns an error if there are any, or if they could not be removed. */
async function leaksOfFile(): Promise<Error[]> {
  try {
    const leaks = await removeLeaksOfFile();
    return leaks.length === 0 ? [] : [leakError(leaks, 'when the test file was over')];
  } catch (error) {
    return [error as Error];
  }
}
