import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { allRemoved, openPool, poolSettled, unremovedBoxes } from '../pool/warm-pool';
import { isRetained, retainsFailed } from '../container/retention';
import type { CircusEvent, CircusState } from './circus';
import { extendExpect } from './extend-expect';
import { watchCircus, type CircusWatch } from './observe-circus';
import { leakError } from '../runner/leak';
import { createReports } from '../report/report';
import { reportDirectory } from '../report/report-settings';
import { useRunner, type RunnerGlobals } from './hooks';
import { withoutStack } from './without-stack';

/** Where test files find the belljar of their worker. */
const sharedName = Symbol.for('belljar');

let shared: object | undefined;
let pool: AsyncDisposable | undefined;

/**
 * Says what test files get when they load belljar: the entry points of the bundle, as functions.
 *
 * @param entries the bundle that this file is part of
 */
export function shareWithTests(entries: object): void {
  shared = entries;
}

/**
 * Jest's Node environment, with belljar loaded once for a worker instead of once for every test file: Jest gives each
 * file a module registry of its own, in which testcontainers takes a third of a second to load and a pool of containers
 * would end with the file. What a file did not remove fails it. Of a failed test, a report is written, and its
 * containers are kept where that is asked for.
 *
 * The pool is not closed here, because Jest does not say which file is a worker's last; what is in it then is removed
 * by belljar's global tear-down.
 *
 * Source: https://jestjs.io/docs/configuration#testenvironment-string
 */
export default class BelljarEnvironment extends TestEnvironment {
  readonly #tests: CircusWatch | undefined;

  /** @throws InvalidOptionError for settings that can't be used */
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    if (shared !== undefined) Object.assign(this.global, { [sharedName]: shared });
    this.#tests = circusWatch(config, context);
    pool ??= openPool();
  }

  async handleTestEvent(event: CircusEvent, state: CircusState): Promise<void> {
    if (event.name === 'setup') {
      const globals = event.runtimeGlobals as RunnerGlobals;
      extendExpect(globals.expect);
      useRunner(globals);
    }
    await this.#tests?.handle(event, state);
  }

  override async teardown(): Promise<void> {
    useRunner(undefined);
    this.#tests?.stop();
    try {
      await removeForgotten();
      // This may be the worker's last file, and Jest kills a worker that has not ended after half a second.
      await poolSettled();
    } finally {
      await super.teardown();
    }
  }
}

/** Nothing is watched where nobody wants to know. */
function circusWatch(
  { globalConfig, projectConfig }: JestEnvironmentConfig,
  { testPath }: EnvironmentContext,
): CircusWatch | undefined {
  const { rootDir } = globalConfig;
  const directory = reportDirectory(rootDir);
  const keep = retainsFailed();
  if (directory === undefined && !keep) return undefined;
  const project = projectConfig.displayName?.name ?? '';
  const write =
    directory === undefined ? undefined : createReports({ directory, rootDir, testPath, project });
  return watchCircus({ keep, write });
}

async function removeForgotten(): Promise<void> {
  const leaked = unremovedBoxes();
  const leaks = leaked
    .filter((box) => !isRetained(box))
    .map(({ id, name }) => ({ kind: 'container', id, name }));
  await Promise.all(leaked.map((box) => box.remove()));
  await allRemoved();
  if (leaks.length > 0) throw withoutStack(leakError(leaks, 'when the test file was over'));
}
