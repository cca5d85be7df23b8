/** The hooks that `useContainer()` needs of a test runner: around each test, and around all tests. */
const hookNames = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const;

type HookName = (typeof hookNames)[number];
type Hooks = Record<HookName, (() => Promise<void>)[]>;

export interface SpecTimes {
  /** For each spec, the time of its hooks, which start its container and release the one before. Milliseconds. */
  hooks: number[];
  /** For each spec, everything from the first hook to the last but the specs' own work. Milliseconds. */
  overhead: number;
}

/**
 * The smallest test runner: tests one after another, with the hooks that `define` registers, and a clock on the hooks.
 * It lets `useContainer()` be measured as tests use it without a whole Jest around every number.
 *
 * @param define what a describe block does first: `() => useContainer()`
 */
export async function runSpecs<Box>(
  define: () => Box,
  count: number,
  test: (box: Box, index: number) => Promise<void>,
): Promise<SpecTimes> {
  const start = performance.now();
  const { hooks, defined: box } = collectHooks(define);
  const times: number[] = [];
  let work = 0;
  await runAll(hooks.beforeAll);
  try {
    for (let index = 0; index < count; index += 1) {
      const before = performance.now();
      await runAll(hooks.beforeEach);
      const ready = performance.now();
      await test(box, index);
      const done = performance.now();
      await runAll(hooks.afterEach);
      times.push(ready - before + (performance.now() - done));
      work += done - ready;
    }
  } finally {
    await runAll(hooks.afterAll);
  }
  return { hooks: times, overhead: (performance.now() - start - work) / count };
}

/** The hooks are globals while `define` runs, as they are in Jest. */
function collectHooks<Box>(define: () => Box): { hooks: Hooks; defined: Box } {
  const hooks: Hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
  for (const name of hookNames) {
    Reflect.set(globalThis, name, (hook: () => Promise<void>) => hooks[name].push(hook));
  }
  try {
    return { hooks, defined: define() };
  } finally {
    for (const name of hookNames) Reflect.deleteProperty(globalThis, name);
  }
}

async function runAll(hooks: readonly (() => Promise<void>)[]): Promise<void> {
  for (const hook of hooks) await hook();
}
