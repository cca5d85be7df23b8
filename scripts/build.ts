import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build, transformSync, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import packageJson from '../package.json';

const root = resolve(__dirname, '..');
const dist = join(root, 'dist');

/**
 * The entry points: the name in the bundle, the file in dist/, and the source. Everything is in the one file
 * dist/belljar.js, and evaluated when first asked for, so that all of them share one copy of every class and state.
 */
const entries = [
  { name: 'index', file: 'index.js', source: 'src/index.ts', esm: 'index.mjs' },
  { name: 'jest', file: 'jest/index.js', source: 'src/jest/index.ts', esm: 'jest/index.mjs' },
  { name: 'environment', file: 'jest/environment.js', source: 'src/jest/environment.ts' },
  { name: 'globalSetup', file: 'jest/global-setup.js', source: 'src/jest/global-setup.ts' },
  { name: 'globalTeardown', file: 'jest/global-teardown.js', source: 'src/jest/global-teardown.ts' },
  { name: 'cli', file: 'cli.js', source: 'src/cli/main.ts' },
  { name: 'reaper', file: 'reaper.js', source: 'src/ownership/reaper/main.ts' },
];

/** What load.ts calls in the bundle beside an entry point. */
const internal = { name: 'testFile', source: 'src/jest/test-file.ts' };

/** ES modules only: Jest's CommonJS can't require them on Node before 24.9, so the bundle holds them. */
const bundled = ['execa'];

/** Node 20 has it everywhere except in the contexts of `node:vm`, where tests run; Jest adds it from version 30 on. */
const asyncDispose = [
  "Symbol.dispose ??= Symbol.for('nodejs.dispose');",
  "Symbol.asyncDispose ??= Symbol.for('nodejs.asyncDispose');",
].join('\n');

/** Makes dist/, which `npm pack` puts into the package. */
async function main(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  await writeBundle();
  for (const entry of entries) write(entry.file, loader(entry.name, entry.file));
  for (const name of ['load', 'preset']) write(`jest/${name}.js`, transformed(`src/jest/${name}.ts`));
  makeExecutable('cli.js');
  writeTypes();
  for (const { file, esm } of entries) if (esm !== undefined) writeEsm(file, esm);
}

async function writeBundle(): Promise<void> {
  const loaders = [...entries, internal].map(
    ({ name, source }) => `exports.${name} = () => require('./${source}');`,
  );
  const { metafile } = await build({
    ...output,
    stdin: { contents: loaders.join('\n'), resolveDir: root, sourcefile: 'entries.js' },
    absWorkingDir: root,
    bundle: true,
    outfile: join(dist, 'belljar.js'),
    metafile: true,
    banner: { js: asyncDispose },
    plugins: [packages],
    logLevel: 'warning',
  });
  write('third-party-licenses.txt', licensesOf(metafile));
}

/** Names are kept because people read them: the name of an error is the name of its class. */
const output = {
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  keepNames: true,
} satisfies BuildOptions;

/** Leaves all packages except the bundled ones to be required at run time, and checks that they are dependencies. */
const packages: Plugin = {
  name: 'packages',
  setup(bundle) {
    const installed = {
      ...packageJson.dependencies,
      ...packageJson.peerDependencies,
      '@jest/globals': 'with jest',
    };
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
      if (isBuiltin(path)) return { external: true };
      if (bundled.includes(name) || importer.includes('/node_modules/')) return undefined;
      if (name in installed) return { external: true };
      return { errors: [{ text: `${name} is not among the dependencies in package.json` }] };
    });
  },
};

function loader(name: string, file: string): string {
  const path = pathTo(file, 'belljar.js');
  const bundle = `require('${path}')`;
  switch (name) {
    case 'cli':
      return `#!/usr/bin/env node\n'use strict';\n${bundle}.cli();\n`;
    case 'environment':
      return `'use strict';\nconst belljar = ${bundle};\nmodule.exports = belljar.environment();\nmodule.exports.shareWithTests(belljar);\n`;
    default:
      return `'use strict';\nmodule.exports = require('${pathTo(file, 'jest/load.js')}').load(require.resolve('${path}'), '${name}');\n`;
  }
}

/** One file by itself, outside the bundle: the one returns the paths of its neighbors, the other loads the bundle. */
function transformed(source: string): string {
  const { code } = transformSync(readFileSync(join(root, source), 'utf8'), { ...output, loader: 'ts' });
  return code;
}

/** The ES module is the CommonJS one under its names: one copy, whichever way it is loaded. */
function writeEsm(file: string, esm: string): void {
  const names = esm === 'index.mjs' ? exportsOf(join(dist, file)) : [];
  const from = `'./${file.split('/').at(-1) ?? file}'`;
  write(
    esm,
    names.length === 0
      ? `import ${from};\n`
      : `import belljar from ${from};\n\nexport const {\n  ${names.join(',\n  ')},\n} = belljar;\n`,
  );
  write(
    `types/${esm.replace('.mjs', '.d.mts')}`,
    names.length === 0 ? `import ${from};\n` : `export * from ${from};\n`,
  );
}

function exportsOf(path: string): string[] {
  return Object.keys(createRequire(__filename)(path) as object).sort();
}

function writeTypes(): void {
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error('The declaration files could not be made: see the errors of the compiler above.');
}

/** The licenses of the bundled packages: MIT asks for its notice in every copy. */
function licensesOf(metafile: Metafile): string {
  const folders = Object.keys(metafile.inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(folders)].sort().map(licenseOf).join('\n\n');
}

function licenseOf(folder: string): string {
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no license file, so it can't be bundled.`);
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
}

function pathTo(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

function write(file: string, text: string): void {
  const path = join(dist, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function makeExecutable(file: string): void {
  chmodSync(join(dist, file), 0o755);
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
