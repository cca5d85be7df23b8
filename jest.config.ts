import type { Config } from 'jest';

/** execa and what it stands on are ES modules only; Jest's CommonJS runtime needs them transformed. */
const esModulesOnly = [
  'execa',
  '@sec-ant/readable-stream',
  '@sindresorhus/merge-streams',
  'figures',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'is-unicode-supported',
  'npm-run-path',
  'parse-ms',
  'path-key',
  'pretty-ms',
  'strip-final-newline',
  'unicorn-magic',
  'yoctocolors',
];

const config: Config = {
  roots: ['<rootDir>/specs'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  testTimeout: 60_000,
  transform: { '\\.(ts|js)$': ['ts-jest', { tsconfig: { allowJs: true }, diagnostics: false }] },
  // It exports nothing to `require`, which is what the transformed code uses.
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulesOnly.join('|')})/)`],
  setupFilesAfterEnv: ['<rootDir>/src/jest/index.ts'],
};

export default config;
