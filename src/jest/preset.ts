/**
 * Jest's configuration for belljar, as `preset: 'belljar/jest-preset'`: matchers in every test file; before the tests
 * the engine is found and the default image fetched once, for all workers; after them, anything that they left in the
 * engine is removed and fails the run. Its environment is Jest's for Node with belljar loaded once for each worker;
 * where `jest-environment-node` can't be found from here, or a project has an environment of its own, belljar is loaded
 * for each test file, which costs time and nothing else.
 *
 * A project that has a `globalSetup` or `globalTeardown` of its own replaces the preset's (Jest's rule for presets).
 * belljar works without them - the first container of each worker then finds the engine and fetches its image - but
 * nothing checks what is left; to keep both, call `require('belljar/jest-preset').globalSetup` from one's own.
 *
 * Another preset beside it, such as ts-jest's: `{ ...createDefaultPreset(), preset: 'belljar/jest-preset' }`.
 *
 * Source: https://jestjs.io/docs/configuration#preset-string
 */
const preset = {
  testEnvironment: canLoad('jest-environment-node') ? require.resolve('./environment') : 'node',
  setupFilesAfterEnv: [require.resolve('./index')],
  globalSetup: require.resolve('./global-setup'),
  globalTeardown: require.resolve('./global-teardown'),
};

/** Package managers that keep packages apart give belljar only what the project itself asked for. */
function canLoad(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

export = preset;
