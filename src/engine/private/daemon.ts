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
 * Starts the daemon and waits until its log says that it is ready, and its API answers.
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

/** Returns flags that replace every default that would affect the host's engine, its bridge, rules or configuration. */
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
    // belljar sets the rules and forwarding itself, see rules.ts and machine.ts.
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    `--ip=${publishedAt}`,
    // Newer engines would use systemd for control groups, which names them itself.
    '--exec-opt=native.cgroupdriver=cgroupfs',
    `--cgroup-parent=/${layout.cgroup}`,
    '--shutdown-timeout=5',
    ...settings.flags,
  ];
}

/**
 * The daemon runs in its own mount namespace, so that its mounts are gone when it ends. The namespace has an empty
 * /run/containerd: otherwise the daemon would share the containerd, and the containers, of the host's engine. Later
 * mounts of the machine still propagate into the namespace.
 */
const inOwnMounts = `mount -t tmpfs -o mode=711 belljar ${containerdDirectory} && exec "$0" "$@"`;

/**
 * Starts the daemon in its own process group, so that Ctrl-C in the terminal does not end it before belljar stops it.
 */
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

/** Returns a function that tells how the process ended, as it reads after its name; undefined while it runs. */
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

/** The number of log lines in an error message. A daemon says why it gives up in its last lines. */
const shownLines = 10;

function withLog(problem: string, log: readonly DaemonLogLine[]): string {
  const problems = logProblems(log);
  const shown = (problems.length > 0 ? problems : log).slice(-shownLines).map(({ raw }) => `  ${raw}`);
  const label = problems.length > 0 ? 'Warnings and errors in its log' : 'The end of its log';
  return shown.length === 0
    ? `${problem}; its log is empty.`
    : [`${problem}. ${label}:`, ...shown].join('\n');
}
