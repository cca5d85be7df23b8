import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { allRemoved, openPool, stockSettled, unremovedBoxes } from '../box/stock';
import { extendExpect } from './extend-expect';
import { leftBehind } from './left-behind';
import { withoutStack } from './without-stack';
import { useRunner, type RunnerGlobals } from './runner';

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
 * would end with the file. What a file did not remove fails it.
 *
 * The pool is not closed here, because Jest does not say which file is a worker's last; what is in it then is removed
 * by belljar's global tear-down.
 *
 * Source: https://jestjs.io/docs/configuration#testenvironment-string
 */
export default class BelljarEnvironment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    if (shared !== undefined) Object.assign(this.global, { [sharedName]: shared });
    pool ??= openPool();
  }

  handleTestEvent(event: { name: string; runtimeGlobals?: object }): void {
    if (event.name !== 'setup') return;
    const globals = event.runtimeGlobals as RunnerGlobals;
    extendExpect(globals.expect);
    useRunner(globals);
  }

  override async teardown(): Promise<void> {
    useRunner(undefined);
    try {
      await removeForgotten();
      // This may be the worker's last file, and Jest kills a worker that has not ended after half a second.
      await stockSettled();
    } finally {
      await super.teardown();
    }
  }
}

async function removeForgotten(): Promise<void> {
  const forgotten = unremovedBoxes();
  await Promise.all(forgotten.map((box) => box.remove()));
  await allRemoved();
  const things = forgotten.map(({ id, name }) => ({ kind: 'container', id, name }));
  if (things.length > 0) throw withoutStack(leftBehind(things, 'when the test file was over'));
}
