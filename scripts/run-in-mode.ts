/*
 * Runs a command as users of another kind would: without root, with the engine on another machine, with another engine.
 *
 *   npx ts-node --transpile-only scripts/run-in-mode.ts as-user npx jest specs/filesystem
 */
import { spawn } from 'node:child_process';
import { asUser } from '../tooling/modes/as-user';
import { elsewhere } from '../tooling/modes/elsewhere';
import { modeVariable, type Mode } from '../tooling/modes/mode';
import { newerEngine } from '../tooling/modes/newer-engine';
import { podman } from '../tooling/modes/podman';

const modes: Record<string, Mode> = { 'as-user': asUser, elsewhere, podman, 'newer-engine': newerEngine };

async function main([name, file, ...args]: string[]): Promise<number> {
  const mode = modes[name ?? ''];
  if (name === undefined || mode === undefined || file === undefined)
    throw new Error(
      `Say a mode (${Object.keys(modes).join(', ')}) and a command: as-user npx jest specs/box`,
    );
  await using started = await mode.start(say);
  // Ctrl-C reaches the command too; when it has ended, the mode is cleaned up.
  process.on('SIGINT', () => undefined);
  say(`running as ${mode.about}`);
  const [program, ...before] = [...started.prefix, file];
  const env = { ...ownEnvironment(), ...started.env, [modeVariable]: name };
  return await run(program, [...before, ...args], { cwd: started.cwd, env });
}

/** Without the variables of npm, which name files and a cache of the user who runs this script. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}

function say(step: string): void {
  console.error(`belljar: ${step}`);
}

/** Returns the exit code. If a signal ended the command, it is 128 and more, as in a shell. */
function run(
  file: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 128));
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
