import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { messageOf, PollTimeoutError } from '../../support/errors';
import { poll } from '../../support/poll';
import { logProblems, saysReady, type DaemonLogLine } from '../daemon-log';
import { outwardMtu } from './machine/bridge';
import { answers } from './client';
import { PrivateEngineError } from '../errors';
import { markVariable, publishedAt, type Layout } from './layout';
import { followLog } from './log-file';
import { containerdDirectory } from './machine/machine';
import type { PrivateEngineSettings } from './options';
import { identify, type ProcessIdentity } from '../../support/process-identity';
import { networksOf } from './machine/subnet';
import { searchPath } from './machine/system';

/**
 * Starts the daemon and waits until it is ready: until it says so in its log, and answers.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_START_FAILED`, `PRIVATE_ENGINE_START_TIMEOUT`
 */
export async function startDaemon(
  layout: Layout,
  settings: PrivateEngineSettings,
  subnet: string,
): Promise<ProcessIdentity> {
  writeFileSync(layout.configFile, '{}');
  const flags = daemonFlags(layout, settings, subnet, await outwardMtu());
  const child = launch(layout, [settings.dockerd, ...flags]);
  const log = followLog(layout.logFile);
  const end = watchEnd(child);
  try {
    return await poll(() => lookForDaemon(layout, log(), end()), {
      for: 'dockerd to be ready',
      timeout: settings.startTimeout,
      interval: 20,
    });
  } catch (error) {
    if (!(error instanceof PollTimeoutError)) throw error;
    const problem = `dockerd was not ready within ${settings.startTimeout} ms`;
    throw new PrivateEngineError('PRIVATE_ENGINE_START_TIMEOUT', withLog(problem, log()), { cause: error });
  }
}

async function lookForDaemon(
  layout: Layout,
  log: readonly DaemonLogLine[],
  end: string | undefined,
): Promise<ProcessIdentity | undefined> {
  if (end !== undefined) {
    throw new PrivateEngineError(
      'PRIVATE_ENGINE_START_FAILED',
      withLog(`dockerd ${end} before it was ready`, log),
    );
  }
  if (!log.some(saysReady) || !(await answers(layout.socket, 1000))) return undefined;
  return identify(Number(readFileSync(layout.pidFile, 'utf8')));
}

/** Every default that would lead to the host's engine, its bridge, its rules or its configuration has its own value. */
function daemonFlags(
  layout: Layout,
  settings: PrivateEngineSettings,
  subnet: string,
  mtu: number | undefined,
): string[] {
  return [
    `--host=unix://${layout.socket}`,
    '--group=0',
    `--config-file=${layout.configFile}`,
    `--data-root=${settings.dataRoot}`,
    `--exec-root=${layout.execRoot}`,
    `--pidfile=${layout.pidFile}`,
    `--bridge=${layout.bridge}`,
    `--default-address-pool=${networksOf(subnet).pool}`,
    ...(mtu === undefined ? [] : [`--mtu=${mtu}`]),
    // The rules and forwarding are belljar's, see rules.ts and machine.ts.
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    `--ip=${publishedAt}`,
    // systemd, which newer engines ask for control groups, gives names of its own.
    '--exec-opt=native.cgroupdriver=cgroupfs',
    `--cgroup-parent=/${layout.cgroup}`,
    '--shutdown-timeout=5',
    ...settings.flags,
  ];
}

/**
 * The daemon runs in its own mount namespace: it can leave no mount behind on the machine, and it finds an empty
 * /run/containerd there, without which it would share the containerd of the host's engine, and then the containers.
 * Mounts that the machine makes later still come in.
 */
const inOwnMounts = `mount -t tmpfs -o mode=711 belljar ${containerdDirectory} && exec "$0" "$@"`;

/** In a process group of its own, so that Ctrl-C in the terminal leaves it alone until it is stopped in good order. */
function launch(layout: Layout, command: readonly string[]): ChildProcess {
  const log = openSync(layout.logFile, 'a');
  try {
    return spawn('unshare', ['--mount', '--propagation', 'slave', 'sh', '-c', inOwnMounts, ...command], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: searchPath(), [markVariable]: layout.directory },
    });
  } finally {
    closeSync(log);
  }
}

/** How the process ended, as it reads after its name; undefined while it runs. It keeps no program from ending. */
function watchEnd(child: ChildProcess): () => string | undefined {
  let end: string | undefined;
  child.once('error', (error) => (end = `could not be run (${messageOf(error)})`));
  child.once(
    'exit',
    (code, signal) =>
      (end = signal === null ? `ended with exit code ${code ?? ''}` : `was ended by ${signal}`),
  );
  child.unref();
  return () => end;
}

/** As many lines as help; a daemon says why it gives up in its last ones. */
const shownLines = 10;

function withLog(problem: string, log: readonly DaemonLogLine[]): string {
  const problems = logProblems(log);
  const shown = (problems.length > 0 ? problems : log).slice(-shownLines).map(({ raw }) => `  ${raw}`);
  const label = problems.length > 0 ? 'Warnings and errors in its log' : 'The end of its log';
  return shown.length === 0
    ? `${problem}; its log is empty.`
    : [`${problem}. ${label}:`, ...shown].join('\n');
}
