import { forgetEngine, useEngine } from '../connect/connection';
import { logProblems, type DaemonLogLine } from '../daemon-log';
import type { EngineEndpoint } from '../connect/endpoint';
import { removeAbandoned } from './abandoned';
import { endpointOf } from './client';
import { layoutOf, lockOf, type Layout } from './layout';
import { withLock } from './lock';
import { followLog } from './log-file';
import { checkOptions, type PrivateEngineOptions } from './options';
import { addOwner } from './owners';
import { checkRequirements } from './machine/requirements';
import { findShared, startAnew, type RunningEngine } from './start';
import { releaseEngine } from './stop';

export { PrivateEngineError } from './errors';
export type { PrivateEngineOptions } from './options';
export { findMissing, isDebianLike, type MissingRequirement } from './machine/requirements';

export interface StartPrivateEngineOptions extends PrivateEngineOptions {
  /** Whether this process uses the engine from now on, as after `useEngine`. Default true. */
  use?: boolean;
}

/** A `dockerd` of belljar's own. */
export interface PrivateEngine extends AsyncDisposable {
  name: string;
  endpoint: EngineEndpoint;
  /** The path of its API's socket. */
  socket: string;
  /** The daemon's process. */
  pid: number;
  /** Where its images and layers are. */
  dataRoot: string;
  /** The addresses of its containers: `10.231.0.0/16`. */
  subnet: string;
  /** What the daemon has printed so far. */
  readonly log: readonly DaemonLogLine[];
  /** The warnings and errors among it. */
  readonly problems: readonly DaemonLogLine[];
  /**
   * Gives the engine up. The last that started it stops it, and leaves the machine as it was: containers, networks and
   * volumes go, and the images too unless `keepData`. A second call does nothing.
   *
   * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
   */
  stop(): Promise<void>;
}

/** Those that this process has started and not stopped, the latest last. */
const running: PrivateEngine[] = [];

/**
 * Starts a Docker engine of belljar's own beside whatever runs on this machine, and waits until it answers: own bridge,
 * subnet, rules, control group, data root, containerd and socket. The host's engine stays as it is.
 *
 * Whoever starts the same name while it runs, in this process or another, shares it. Where its owners have died, as
 * after `kill -9` or Ctrl-C, what they left is removed and the engine starts afresh, with the images that it had; those
 * of other names that nobody owns any more are removed too.
 *
 * @throws InvalidOptionError `INVALID_OPTION`
 * @throws PrivateEngineError `PRIVATE_ENGINE_NEEDS_ROOT`, `PRIVATE_ENGINE_NEEDS_PROGRAMS`,
 * `PRIVATE_ENGINE_START_FAILED`, `PRIVATE_ENGINE_START_TIMEOUT`, `PRIVATE_ENGINE_SUBNET_IN_USE`,
 * `PRIVATE_ENGINE_IN_USE`, `PRIVATE_ENGINE_STOP_FAILED` (where leftovers can't be removed), `PRIVATE_ENGINE_SYSTEM`
 */
export async function startPrivateEngine(options: StartPrivateEngineOptions = {}): Promise<PrivateEngine> {
  const settings = checkOptions(options);
  checkRequirements(settings.dockerd);
  const layout = layoutOf(settings);
  await removeAbandoned(layout);
  const engine = await withLock(lockOf(layout), async () => {
    const record = (await findShared(layout, settings)) ?? (await startAnew(layout, settings));
    return createPrivateEngine(layout, record, addOwner(layout));
  });
  running.push(engine);
  if (options.use ?? true) await useOrStop(engine);
  return engine;
}

/**
 * Stops the private engine that this process started last; where it has none, does nothing.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function stopPrivateEngine(): Promise<void> {
  await running.at(-1)?.stop();
}

/** The one that this process uses. */
let used: PrivateEngine | undefined;

async function useOrStop(engine: PrivateEngine): Promise<void> {
  try {
    useEngine(engine.endpoint);
    used = engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

function createPrivateEngine(layout: Layout, record: RunningEngine, owner: string): PrivateEngine {
  const log = followLog(layout.logFile);
  let stopped: Promise<void> | undefined;
  const engine: PrivateEngine = {
    name: layout.name,
    endpoint: endpointOf(layout.name, layout.socket),
    socket: layout.socket,
    pid: record.daemon.pid,
    dataRoot: record.dataRoot,
    subnet: record.subnet,
    get log() {
      return log();
    },
    get problems() {
      return logProblems(log());
    },
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => engine.stop(),
  };
  const stop = async (): Promise<void> => {
    log();
    running.splice(running.indexOf(engine), 1);
    if (used === engine) {
      used = undefined;
      forgetEngine();
    }
    await releaseEngine(layout, owner);
  };
  return engine;
}
