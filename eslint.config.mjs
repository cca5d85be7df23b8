import eslint from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import tseslint from 'typescript-eslint';

/** The rooms of src/, from the top of the house to the bottom: a room imports only rooms below it. */
const rooms = [
  'cli',
  'jest',
  'runner',
  'report',
  'matchers',
  'doctor',
  'pool',
  'box',
  'isolation',
  'filesystem',
  'terminal',
  'service',
  'command',
  'container',
  'image',
  'ownership',
  'engine',
  'support',
];

const noSleep = ['timers/promises', 'node:timers/promises'].map((name) => ({
  name,
  message: 'No sleeps: poll a condition with src/support/poll.ts.',
}));

const noSleepSyntax = {
  selector:
    "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'][arguments.0.name=/^(resolve|res|done)$/]",
  message: 'No sleeps: poll a condition with src/support/poll.ts.',
};

const realTime = 'A test may have replaced it: take the time from src/support/time.ts.';

/** A test may replace the timers and clocks among its globals. */
const noReplaceableTime = {
  'no-restricted-globals': [
    'error',
    ...[
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'queueMicrotask',
      'performance',
    ].map((name) => ({ name, message: realTime })),
  ],
  'no-restricted-properties': [
    'error',
    ...[
      ['Date', 'now'],
      ['AbortSignal', 'timeout'],
      ['process', 'nextTick'],
      ['process', 'hrtime'],
    ].map(([object, property]) => ({ object, property, message: realTime })),
  ],
};

const noReplaceableDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: realTime,
};

/** The module of the real time is the only way to it. */
const noTimeModules = ['timers', 'node:timers', 'perf_hooks', 'node:perf_hooks'].map((name) => ({
  name,
  message: realTime,
}));

/** Where an error class is has one answer, and every error has a class that lists its codes. */
const errorsInTheirPlace = [
  {
    selector: 'ClassDeclaration[superClass.name=/Error$/]',
    message: "An error class stands in its room's errors.ts.",
  },
  {
    selector: "NewExpression[callee.name='BelljarError']",
    message: "Throw an error of the room's own, whose codes errors.ts lists.",
  },
];

/** The folders beside src/, and src/ itself, with what each may import beside its own files. */
const folders = {
  src: [],
  tooling: ['src'],
  fixtures: ['tooling', 'src'],
  scripts: ['tooling', 'src'],
  bench: ['tooling', 'src'],
  example: ['tooling', 'src'],
  specs: ['tooling', 'src', 'fixtures'],
  'specs/bench': ['tooling', 'src', 'fixtures', 'bench'],
};

const topFolders = Object.keys(folders).filter((folder) => !folder.includes('/'));

/** Forbids a folder's files to import from a top folder that is not on its list. */
function closed(folder) {
  const [own] = folder.split('/');
  const others = topFolders.filter((name) => name !== own && !folders[folder].includes(name));
  const allowed = [`${own}/`, ...folders[folder].map((name) => `${name}/`)].join(', ');
  return {
    regex: `^(\\.\\./)+(${others.join('|')})(/|$)`,
    message: `${folder}/ imports only ${allowed} (tooling/README.md).`,
  };
}

function restrictedImports(patterns, { sleeps = false, paths = [] } = {}) {
  const options = { paths: [...(sleeps ? [] : noSleep), ...paths], patterns };
  return { '@typescript-eslint/no-restricted-imports': ['error', options] };
}

/** Benchmarks and scripts may pause: nothing waits there for a condition. */
const mayPause = ['scripts', 'bench', 'example'];

const borders = Object.keys(folders).map((folder) => ({
  files: [`${folder}/**/*.ts`],
  rules: restrictedImports([closed(folder)], { sleeps: mayPause.includes(folder) }),
}));

const layout = rooms.map((room, index) => ({
  files: [`src/${room}/**/*.ts`],
  rules: restrictedImports(
    [
      closed('src'),
      {
        regex: `^(\\.\\./)+(index$|(${rooms.slice(0, index).join('|') || 'index'})(/|$))`,
        message: `Imports go down the house (ARCHITECTURE.md): src/${room}/ must not import a room above it.`,
      },
    ],
    { paths: noTimeModules },
  ),
}));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'fixtures/projects/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 12],
    },
  },
  {
    plugins: { '@stylistic': stylistic },
    // Prettier wraps code and leaves comments alone.
    rules: {
      '@stylistic/max-len': ['error', { code: Number.MAX_SAFE_INTEGER, comments: 120, ignoreUrls: true }],
    },
  },
  ...borders,
  ...layout,
  {
    files: ['src/**/errors.ts', 'tooling/**/*.ts', 'specs/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noSleepSyntax] },
  },
  {
    // An error's constructor takes its own codes only.
    files: ['src/**/errors.ts'],
    rules: { '@typescript-eslint/no-useless-constructor': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/**/errors.ts', 'src/support/poll.ts'],
    rules: {
      'no-restricted-syntax': ['error', noSleepSyntax, noReplaceableDate, ...errorsInTheirPlace],
    },
  },
  {
    files: ['src/support/poll.ts'],
    rules: { 'no-restricted-syntax': ['error', noReplaceableDate, ...errorsInTheirPlace] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/support/time.ts'],
    rules: noReplaceableTime,
  },
  {
    files: ['src/support/time.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['specs/**/*.ts', 'example/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['src/cli/**/*.ts', 'scripts/**/*.ts', 'example/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
