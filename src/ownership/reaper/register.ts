import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../support/errors';
import { perProcess } from '../../support/per-process';
import { formatCleanupJob, type CleanupJob } from './cleanup-job';

/** This process's reaper, and the jobs that it has got, one line each. */
interface Reaper {
  pipe: Socket | undefined;
  jobs: string[];
}

/**
 * Gives this process's reaper a cleanup job, which it does when this process ends, even if it is killed. The first call
 * starts the reaper. A job that the reaper has already costs nothing.
 *
 * If the reaper can't be started, a warning says so. After a kill, resources then remain until the next run's set-up.
 */
export function registerWithReaper(job: CleanupJob): void {
  const reaper = perProcess<Reaper>('reaper and its jobs', () => ({ pipe: undefined, jobs: [] }));
  const line = formatCleanupJob(job);
  const isNew = !reaper.jobs.includes(line);
  if (isNew) reaper.jobs.push(line);
  if (reaper.pipe === undefined) launch(reaper, job.run.id);
  else if (isNew) reaper.pipe.write(`${line}\n`);
}

/**
 * Holds the pipe in a shell, which takes little memory, and starts Node.js when the pipe closes. The kernel closes it
 * when its writer dies. The shell is not a child of the run, because debuggers kill the process tree: its parent has
 * ended. It is not in the run's session either, so that Ctrl-C and a closed terminal do not reach it. The pipe is
 * descriptor 3: Node.js closes the standard input of a child that has ended, as the first shell does at once.
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
    // Without the run's secrets, debuggers and coverage, and without the variables by which a CI system finds processes
    // that outlive a job and kills them.
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
  // The reaper was killed. The next resource that this process makes starts another.
  pipe.once('error', () => lose()).once('close', () => lose());
  child.unref();
  pipe.unref();
  pipe.write(reaper.jobs.map((line) => `${line}\n`).join(''));
}

/** Returns the reaper's program: a file beside the bundle in the published package, TypeScript among the sources. */
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
    `belljar's reaper could not be started (${messageOf(error)}). If this process is killed, its containers and ` +
      'networks remain until the next run, or until you call: npx belljar clean',
    { code: 'BELLJAR_REAPER' },
  );
}
