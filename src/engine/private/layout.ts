import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The paths of a private engine's files, and the names of its resources on the machine. */
export interface Layout {
  name: string;
  /** The directory that holds the directories of all private engines of this machine. */
  runDirectory: string;
  /** Everything that is removed with the engine, except the data root. */
  directory: string;
  socket: string;
  pidFile: string;
  logFile: string;
  /** The daemon's configuration file. It is empty, so that the daemon does not read that of the host's engine. */
  configFile: string;
  execRoot: string;
  /** The record of how the engine was started, see record.ts. */
  recordFile: string;
  /** The directory with a file for each owner, see owners.ts. */
  owners: string;
  /** A short hash, unique on the machine; part of the names below. */
  key: string;
  bridge: string;
  /** The name of the engine's chains in the tables `filter` and `nat`. */
  chain: string;
  cgroup: string;
}

/** Returns the layout of the private engine `name`. */
export function layoutOf({ name, runDirectory }: { name: string; runDirectory: string }): Layout {
  const directory = join(runDirectory, name);
  // Interface names have at most 15 characters.
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  return {
    name,
    runDirectory,
    directory,
    socket: join(directory, 'docker.sock'),
    pidFile: join(directory, 'docker.pid'),
    logFile: join(directory, 'dockerd.log'),
    configFile: join(directory, 'daemon.json'),
    execRoot: join(directory, 'exec'),
    recordFile: join(directory, 'engine.json'),
    owners: join(directory, 'owners'),
    key,
    bridge: `${bridgePrefix}${key}`,
    chain: `BELLJAR-${key}`,
    cgroup: `belljar-${key}`,
  };
}

/** The address at which ports of containers are published: for this machine only. */
export const publishedAt = '127.0.0.1';

/** The prefix of the names of all private engines' bridges. */
export const bridgePrefix = 'bj-';

/**
 * A variable in the environment of the daemon and its child processes, with the engine's directory as its value.
 * belljar finds the processes by it after the daemon was killed.
 */
export const markVariable = 'BELLJAR_PRIVATE_ENGINE';

/** Returns the name of the lock for starting and stopping this engine. */
export function lockOf({ cgroup }: Layout): string {
  return cgroup;
}

/** The name of the lock for what all private engines of a machine share: choosing subnets, forwarding. */
export const machineLock = 'belljar-machine';
