/*
 * Runs a command with a newer Docker engine in place of this machine's:
 *
 *   npx ts-node --transpile-only scripts/run-on-newer-engine.ts npx jest specs/engine
 */
import { spawn } from 'node:child_process';
import { ensureNewerEngine, newerEngineProgram } from '../tooling/newer-engine/build';
import { startPrivateEngine } from '../src/engine/private/private-engine';
import { setUp } from '../tooling/machine/set-up';

async function main([file, ...args]: string[]): Promise<number> {
  if (file === undefined)
    throw new Error('Say what to run: scripts/run-on-newer-engine.ts npx jest specs/engine');
  process.env.BELLJAR_NEWER_ENGINE = ensureNewerEngine(say);
  say('starting the newer engine');
  await using engine = await startPrivateEngine({ name: 'newer-engine', dockerd: newerEngineProgram });
  // Ctrl-C reaches the command too; when it has ended, the engine is stopped.
  process.on('SIGINT', () => undefined);
  const version = engine.log.find(({ message }) => message === 'Docker daemon')?.fields.version;
  say(`running on Docker ${version ?? 'of unknown version'} at ${engine.endpoint.host}`);
  await setUp();
  return await run(file, args);
}

function say(step: string): void {
  console.error(`belljar: ${step}`);
}

/** Returns the exit code. If a signal ended the command, it is 128 and more, as in a shell. */
function run(file: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' });
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
