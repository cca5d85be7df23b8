import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { allRemoved, openPool, poolSettled, unremovedBoxes } from '../pool/warm-pool';
import { detachAll } from '../pool/attach';
import { isRetained, retainsFailed } from '../container/retention';
import type { CircusEvent, CircusState } from './circus';
import { extendExpect } from './extend-expect';
import { watchCircus, type CircusWatch } from './observe-circus';
import { leakError } from '../runner/leak';
import { createReports } from '../report/report';
import { reportDirectory } from '../report/report-settings';
import { useRunner, type RunnerGlobals } from './hooks';
import { withoutStack } from '../runner/messages';

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
      await removeLeakedBoxes();
      await detachAll();
      // This may be the worker's last file, and Jest kills a worker that has not ended after half a second.
      await poolSettled();
    } finally {
      await super.teardown();
    }
  }
}

/** Undefined if belljar neither reports failed tests nor retains their containers. */
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

async function removeLeakedBoxes(): Promise<void> {
  const unremoved = unremovedBoxes();
  const leaks = unremoved
    .filter((box) => !isRetained(box))
    .map(({ id, name }) => ({ kind: 'container', id, name }));
  await Promise.all(unremoved.map((box) => box.remove()));
  await allRemoved();
  if (leaks.length > 0) throw withoutStack(leakError(leaks, 'when the test file was over'));
}
