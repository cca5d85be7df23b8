import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

export const repository = resolve(__dirname, '../..');

/** The packages that a project has installed beside belljar; `expect` comes with jest. */
const tools = [
  'jest',
  'jest-environment-node',
  'ts-jest',
  'typescript',
  'expect',
  '@jest/globals',
  '@types/jest',
  '@types/node',
];

/** A directory with the projects of fixtures/projects/ in it, and the packed belljar in its node_modules. */
export interface Scratch {
  /** The directory that the package was unpacked into. */
  readonly package: string;
  /** Every file of the package, relative to it. */
  readonly files: readonly string[];
  /** Runs a Node.js program in one of the projects, in an environment without the variables of this Jest. */
  node(project: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run>;
  /** Runs Jest in one of the projects. */
  jest(project: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run>;
}

interface Run {
  exitCode: number | undefined;
  stdout: string;
  /** Standard output and error as they came. */
  all: string;
}

/**
 * Builds and packs belljar as `npm publish` would, and unpacks it where `npm install` would. Its dependencies are links
 * to this repository's, those that package.json declares and no others: no registry is asked, and a dependency that
 * is not declared is not found.
 *
 * @param directory empty, and its maker's to remove
 */
export async function unpackInto(directory: string): Promise<Scratch> {
  const modules = join(directory, 'node_modules');
  const belljar = join(modules, 'belljar');
  mkdirSync(belljar, { recursive: true });
  cpSync(join(repository, 'fixtures/projects'), directory, { recursive: true });
  await execa('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: repository });
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '';
  await execa('tar', ['-xzf', join(directory, tarball), '--strip-components=1', '-C', belljar]);
  for (const name of [...dependenciesOf(belljar), ...tools]) link(modules, name);

  const node: Scratch['node'] = (project, args, env = {}) =>
    run(process.execPath, args, join(directory, project), { ...ownEnvironment(), ...env });
  const jest = join(modules, 'jest/bin/jest.js');
  return {
    package: belljar,
    files: filesOf(belljar),
    node,
    jest: (project, args, env) => node(project, [jest, `--cacheDirectory=${directory}/cache`, ...args], env),
  };
}

/** The path of a program that an installed tool brings. */
export function programOf(tool: string, path: string): string {
  return join(repository, 'node_modules', tool, path);
}

/** In milliseconds. The output of a run that hung says more than that its test took too long. */
const runLimit = 150_000;

async function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const { exitCode, stdout, all } = await execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    all: true,
    timeout: runLimit,
    killSignal: 'SIGKILL',
  });
  return { exitCode, stdout, all };
}

/** The variables of Jest, belljar and npm in this process's environment: the projects have runs of their own. */
const added = /^(JEST_WORKER_ID|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|BELLJAR_RUN|BELLJAR_WORKERS|npm_.*)$/;

function ownEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !added.test(name));
  // The projects must not sweep what other specs leave on purpose.
  return { BELLJAR_SWEEP: 'off', ...Object.fromEntries(own), NO_COLOR: '1' };
}

function dependenciesOf(directory: string): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies);
}

function link(modules: string, name: string): void {
  const path = join(modules, name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(join(repository, 'node_modules', name), path);
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
}
