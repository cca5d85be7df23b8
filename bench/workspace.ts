import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { execa, ExecaError } from 'execa';
import type * as Belljar from '../src/index';
import { unpackInto } from '../tooling/package/scratch';

/** A directory in which belljar is installed as a user has it, and the bench's own programs are compiled. */
export interface Workspace {
  belljar: typeof Belljar;
  directory: string;
  /**
   * Compiles a file of bench/ to plain JavaScript beside the installed packages.
   *
   * @param target relative to the directory
   */
  compile(source: string, target: string): string;
  /**
   * Runs Node.js on a file or with flags, in a process group of its own that is killed when the run ends early.
   *
   * @returns its standard output
   * @throws Error with the end of its standard error, if it fails
   */
  node(args: readonly string[], options?: NodeRun): Promise<string>;
}

interface NodeRun {
  /** Added to this process's environment. */
  env?: NodeJS.ProcessEnv;
  /** The working directory. Default: the workspace's directory. */
  cwd?: string;
}

/**
 * @param directory empty, and its maker's to remove
 * @param signal kills what runs in it
 */
export async function makeWorkspace(directory: string, signal: AbortSignal): Promise<Workspace> {
  const scratch = await unpackInto(directory);
  const requireInstalled = createRequire(join(directory, 'package.json'));
  return {
    belljar: requireInstalled(scratch.package) as typeof Belljar,
    directory,
    compile(source, target) {
      const outfile = join(directory, target);
      mkdirSync(join(outfile, '..'), { recursive: true });
      buildSync({
        entryPoints: [join(__dirname, source)],
        outfile,
        bundle: true,
        packages: 'external',
        platform: 'node',
        format: 'cjs',
        target: 'node20.19',
        // Not this repository's tsconfig.json: that takes 'belljar' for src/, and here it is the installed package.
        tsconfigRaw: { compilerOptions: { strict: true } },
      });
      return outfile;
    },
    node: (args, { env = {}, cwd = directory } = {}) => runNode(args, cwd, env, signal),
  };
}

async function runNode(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const child = execa(process.execPath, args, { cwd, env, detached: true, stdin: 'ignore' });
  const killGroup = (): void => {
    // Jest's workers are in the group too, and outlive it otherwise.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', killGroup, { once: true });
  try {
    const { stdout } = await child;
    return stdout;
  } catch (error) {
    if (error instanceof ExecaError)
      throw new Error(`${lastLines(error.stderr)}\n(${error.shortMessage})`, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', killGroup);
  }
}

function lastLines(text: unknown): string {
  return String(text).trim().split('\n').slice(-40).join('\n');
}
