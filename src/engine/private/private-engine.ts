import { forgetEngine, useEngine } from '../connect/connection';
import { logProblems, type DaemonLogLine } from '../daemon-log';
import type { EngineEndpoint } from '../connect/endpoint';
import { removeOrphanedEngines } from './orphans';
import { endpointOf } from './client';
import { layoutOf, lockOf, type Layout } from './layout';
import { withLock } from './lock';
import { followLog } from './log-file';
import { settingsOf, type StartPrivateEngineOptions } from './options';
import { addOwner } from './owners';
import { checkRequirements } from './machine/requirements';
import { findShared, startAnew, type RunningEngine } from './start';
import { releaseEngine } from './stop';

/** A `dockerd` that belljar has started. */
export interface PrivateEngine extends AsyncDisposable {
  name: string;
  endpoint: EngineEndpoint;
  /** The path of the API's socket. */
  socket: string;
  /** The pid of the daemon. */
  pid: number;
  /** The directory of images and layers. */
  dataRoot: string;
  /** The addresses of the containers: `10.231.0.0/16`. */
  subnet: string;
  /** The lines that the daemon has printed so far. */
  readonly log: readonly DaemonLogLine[];
  /** The warnings and errors in `log`. */
  readonly problems: readonly DaemonLogLine[];
  /**
   * Releases the engine. The last owner to release it stops it, and restores the machine: containers, networks and
   * volumes are removed, and the images too unless `keepData`. A second call does nothing.
   *
   * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
   */
  stop(): Promise<void>;
}

/** The engines that this process has started and not stopped, the latest last. */
const running: PrivateEngine[] = [];

/**
 * Starts a private Docker engine beside other engines of this machine, and waits until it answers. The private engine
 * has its own bridge, subnet, rules, control group, data root, containerd and socket. The host's engine is not changed.
 *
 * Callers that start the same name while the engine runs share it, in this process or another. If all owners have died,
 * as after `kill -9` or Ctrl-C, belljar removes the orphaned engine and starts it again, with the images that it had.
 * belljar also removes the orphaned engines of other names.
 *
 * @throws InvalidOptionError `INVALID_OPTION`
 * @throws PrivateEngineError `PRIVATE_ENGINE_NEEDS_ROOT`, `PRIVATE_ENGINE_NEEDS_PROGRAMS`,
 * `PRIVATE_ENGINE_START_FAILED`, `PRIVATE_ENGINE_START_TIMEOUT`, `PRIVATE_ENGINE_SUBNET_IN_USE`,
 * `PRIVATE_ENGINE_IN_USE`, `PRIVATE_ENGINE_STOP_FAILED` (if an orphaned engine can't be removed),
 * `PRIVATE_ENGINE_SYSTEM`
 */
export async function startPrivateEngine(options: StartPrivateEngineOptions = {}): Promise<PrivateEngine> {
  const settings = settingsOf(options);
  checkRequirements(settings.dockerd);
  const layout = layoutOf(settings);
  await removeOrphanedEngines(layout);
  const engine = await withLock(lockOf(layout), async () => {
    const record = (await findShared(layout, settings)) ?? (await startAnew(layout, settings));
    return createPrivateEngine(layout, record, addOwner(layout));
  });
  running.push(engine);
  if (options.use ?? true) await useOrStop(engine);
  return engine;
}

/**
 * Stops the private engine that this process started last. Does nothing if there is none.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
 */
export async function stopPrivateEngine(): Promise<void> {
  await running.at(-1)?.stop();
}

/** The private engine that this process uses. */
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
