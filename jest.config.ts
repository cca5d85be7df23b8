import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Config } from 'jest';

const config: Config = {
  roots: ['<rootDir>/specs'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  testTimeout: 60_000,
  // Specs wait a third of the time: with one worker on two cores, Jest's default, both idle as long.
  maxWorkers: '100%',
  transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
  moduleNameMapper: { '^execa$': bundleForJest('execa') },
  globalSetup: '<rootDir>/specs/global-setup.ts',
  globalTeardown: '<rootDir>/specs/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/src/jest/index.ts'],
};

/** A package of ES modules only as one CommonJS file: Jest can't require ES modules on Node before 24.9. */
function bundleForJest(name: string): string {
  const outfile = join(__dirname, 'node_modules/.cache/belljar', `${name}.cjs`);
  const stdin = { contents: `export * from '${name}';`, resolveDir: __dirname };
  buildSync({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
  return outfile;
}

export default config;
