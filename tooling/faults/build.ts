import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { dependencies, peerDependencies } from '../../package.json';

export const repository = resolve(__dirname, '../..');

/**
 * belljar and its reaper built as the package is, a program that owns a container, and a Jest project: as TypeScript
 * each start of them would take seconds.
 */
export interface Build extends Disposable {
  directory: string;
  /** See tooling/faults/owner-program.ts. */
  owner: string;
}

const entries = {
  owner: 'tooling/faults/owner-program.ts',
  reaper: 'src/ownership/reaper/main.ts',
  index: 'src/index.ts',
  jest: 'src/jest/index.ts',
  environment: 'src/jest/environment.ts',
  globalSetup: 'src/jest/global-setup.ts',
  globalTeardown: 'src/jest/global-teardown.ts',
  testFile: 'src/jest/test-file.ts',
};

/** Not in node_modules, because Jest searches for no tests there. The caller disposes of it. */
export function buildForFaults(): Build {
  const directory = mkdtempSync(join(tmpdir(), 'belljar-spec-'));
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'));
  bundle(join(directory, 'belljar.js'));
  transform('src/jest/load.ts', join(directory, 'load.js'));
  for (const name of Object.keys(entries)) writeFileSync(join(directory, `${name}.js`), loader(name));
  cpSync(join(repository, 'fixtures/projects/faults'), directory, { recursive: true });
  writeFileSync(join(directory, 'jest.config.json'), JSON.stringify(jestConfig));
  return {
    directory,
    owner: join(directory, 'owner.js'),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

const jestConfig = {
  testEnvironment: '<rootDir>/environment.js',
  globalSetup: '<rootDir>/globalSetup.js',
  globalTeardown: '<rootDir>/globalTeardown.js',
  moduleNameMapper: { '^belljar$': '<rootDir>/index.js', '^belljar/jest$': '<rootDir>/jest.js' },
  transform: {},
  testTimeout: 30_000,
};

function bundle(outfile: string): void {
  const lines = Object.entries(entries).map(
    ([name, source]) => `exports.${name} = () => require('./${source}');`,
  );
  buildSync({
    absWorkingDir: repository,
    stdin: { contents: lines.join('\n'), resolveDir: repository },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    keepNames: true,
    external: [...Object.keys({ ...dependencies, ...peerDependencies }), '@jest/globals'].filter(
      (name) => name !== 'execa',
    ),
    logLevel: 'warning',
  });
}

function transform(source: string, outfile: string): void {
  buildSync({ entryPoints: [join(repository, source)], outfile, platform: 'node', format: 'cjs' });
}

/** As scripts/build.ts has it. */
function loader(name: string): string {
  return name === 'environment'
    ? `const belljar = require('./belljar.js');\nmodule.exports = belljar.environment();\nmodule.exports.shareWithTests(belljar);\n`
    : `module.exports = require('./load.js').load(require.resolve('./belljar.js'), '${name}');\n`;
}
