/**
 * Jest's configuration for belljar, as `preset: 'belljar/jest-preset'`. It adds the matchers to every test file. Before
 * the tests, it finds the engine and fetches the default image, once for all workers. After the tests, it removes leaks
 * and fails the run for them.
 *
 * Its environment is Jest's for Node.js, with one pool of containers for each worker. If `jest-environment-node` can't
 * be found from here, or a project has an environment of its own, each test file has a pool of its own. That takes
 * longer, and reports of failed tests need the preset's environment.
 *
 * A project's own `globalSetup` or `globalTeardown` replaces the preset's (Jest's rule for presets). belljar works
 * without the preset's: the first container of each worker then finds the engine and fetches the image, but nothing
 * looks for leaks. To have both, call `require('belljar/jest-preset').globalSetup` in the project's own.
 *
 * To add another preset, such as ts-jest's: `{ ...createDefaultPreset(), preset: 'belljar/jest-preset' }`.
 *
 * Source: https://jestjs.io/docs/configuration#preset-string
 */
const preset = {
  testEnvironment: canLoad('jest-environment-node') ? require.resolve('./environment') : 'node',
  setupFilesAfterEnv: [require.resolve('./index')],
  globalSetup: require.resolve('./global-setup'),
  globalTeardown: require.resolve('./global-teardown'),
};

/** Returns whether a package can be loaded: some package managers show a package only its own dependencies. */
function canLoad(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

export = preset;
