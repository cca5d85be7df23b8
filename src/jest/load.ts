import { runInThisContext } from 'node:vm';
import type { RunnerGlobals } from './hooks';
import type * as testFile from './test-file';

/** The entry points of belljar's bundle, as functions. */
type Bundle = Readonly<Record<string, () => unknown>> & { testFile: () => typeof testFile };

/**
 * Loads an entry point of belljar, outside of the sandbox that Jest makes for a test file. In the sandbox, a test may
 * replace timers and clocks, and the environment `jsdom` lacks some of Node.js's globals. Outside, there are Node.js's
 * own globals, and a worker loads belljar and its dependencies once.
 *
 * @param path the path of the bundle
 * @param entry the name of the entry point
 */
export function load(path: string, entry: string): unknown {
  const { [Symbol.for('belljar')]: shared } = globalThis as Record<symbol, Bundle | undefined>;
  if (shared !== undefined) return shared[entry]?.();
  const outside = runInThisContext('globalThis') as typeof globalThis;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- of a path that is known only here
  if (outside === globalThis) return (require(path) as Bundle)[entry]?.();
  const bundle = outside.process.getBuiltinModule('node:module').createRequire(path)(path) as Bundle;
  const globals = globalsOfTestFile();
  if (globals !== undefined) bundle.testFile().enterTestFile(globals);
  // To evaluate this entry point would add the matchers once for a worker, but each test file has an `expect`.
  return entry === 'jest' && globals !== undefined ? {} : bundle[entry]?.();
}

/** Undefined if the sandbox is not that of a test file of Jest. */
function globalsOfTestFile(): RunnerGlobals | undefined {
  if ('beforeAll' in globalThis) return globalThis as unknown as RunnerGlobals;
  try {
    // A project may have switched `injectGlobals` off.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the package exists only inside Jest
    return require('@jest/globals') as RunnerGlobals;
  } catch {
    return undefined;
  }
}
