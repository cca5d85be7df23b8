import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../support/errors';
import { perProcess } from '../../support/per-process';
import { formatCleanupJob, type CleanupJob } from './cleanup-job';

/** This process's reaper, and all that it was told. */
interface Reaper {
  pipe: Socket | undefined;
  orders: string[];
}

/**
 * Has this process's reaper remove what a run leaves in an engine, should this process end in whatever way before it
 * has done so itself. The first call starts the reaper; one that was told already costs nothing.
 *
 * Where it can't be started, a warning says so: what a kill leaves then stays until the next run's set-up.
 */
export function registerWithReaper(order: CleanupJob): void {
  const reaper = perProcess<Reaper>('reaper', () => ({ pipe: undefined, orders: [] }));
  const line = formatCleanupJob(order);
  const isNew = !reaper.orders.includes(line);
  if (isNew) reaper.orders.push(line);
  if (reaper.pipe === undefined) launch(reaper, order.run.id);
  else if (isNew) reaper.pipe.write(`${line}\n`);
}

/**
 * Holds the pipe in a shell, which takes no memory to speak of, and hands over to Node.js when it closes: the kernel
 * closes it when its writer dies. The shell is not a child of the run's - it has made itself an orphan - because
 * debuggers kill the process tree; it is not of the run's session either, so that Ctrl-C and a closed terminal pass it
 * by. The pipe is descriptor 3: Node.js closes the standard input of a child that has ended, as the first shell does at
 * once.
 */
const waitingScript = `
trap '' INT TERM HUP QUIT
{
  orders=
  while IFS= read -r order; do orders="$orders$order
"; done
  [ -z "$orders" ] || printf %s "$orders" | "$@"
} <&3 3<&- &`;

function launch(reaper: Reaper, runId: string): void {
  const { directory, args } = reaperProgram();
  const node = [process.execPath, ...args, runId];
  const isWindows = process.platform === 'win32';
  const [file = '', ...rest] = isWindows ? node : ['/bin/sh', '-c', waitingScript, 'belljar-reaper', ...node];
  const child = spawn(file, rest, {
    cwd: directory,
    // Nothing of the run's secrets, debuggers or coverage, and no mark by which a CI system ends what a job left.
    env: environment(),
    detached: true,
    windowsHide: true,
    stdio: isWindows ? ['pipe', 'ignore', 'ignore'] : ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = (isWindows ? child.stdin : child.stdio[3]) as Socket;
  const lose = (error?: unknown): void => {
    if (reaper.pipe === pipe) reaper.pipe = undefined;
    if (error !== undefined) warn(error);
  };
  reaper.pipe = pipe;
  child.once('error', lose);
  // Somebody killed it: the next that this process makes starts another.
  pipe.once('error', () => lose()).once('close', () => lose());
  child.unref();
  pipe.unref();
  pipe.write(reaper.orders.map((line) => `${line}\n`).join(''));
}

/** In the published package a file beside the bundle; among the sources TypeScript, which ts-node is there for. */
function reaperProgram(): { directory: string; args: string[] } {
  const built = join(__dirname, 'reaper.js');
  return existsSync(built)
    ? { directory: '/', args: [built] }
    : { directory: __dirname, args: ['-r', 'ts-node/register/transpile-only', join(__dirname, 'main.ts')] };
}

function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'SystemRoot', 'USERPROFILE'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function warn(error: unknown): void {
  process.emitWarning(
    `belljar's reaper could not be started (${messageOf(error)}). What is left should this process be killed stays ` +
      'until the next run, or until: npx belljar clean',
    { code: 'BELLJAR_REAPER' },
  );
}
