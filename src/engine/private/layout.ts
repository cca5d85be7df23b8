import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where everything of one private engine is, and what its things on the machine are called. */
export interface Layout {
  name: string;
  /** All private engines of this machine have their directories here. */
  runDirectory: string;
  /** Everything that goes when the engine goes, but for the data root. */
  directory: string;
  socket: string;
  pidFile: string;
  logFile: string;
  /** The daemon's configuration file: an empty one, so that it doesn't read the one of the host's engine. */
  configFile: string;
  execRoot: string;
  /** The record of how it was started, see record.ts. */
  recordFile: string;
  /** One file for each that uses it, see owners.ts. */
  owners: string;
  /** Short and unique on the machine; part of the names below. */
  key: string;
  bridge: string;
  /** Its chains in the tables `filter` and `nat`. */
  chain: string;
  cgroup: string;
}

/** The layout of the private engine `name`. */
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

/** Where its containers' ports are published: for this machine only. */
export const publishedAt = '127.0.0.1';

/** What the bridges of all private engines begin with. */
export const bridgePrefix = 'bj-';

/**
 * In the environment of the daemon and of all that it starts, with the engine's directory as its value: how they are
 * found when the daemon was killed.
 */
export const markVariable = 'BELLJAR_PRIVATE_ENGINE';

/** The lock for starting and stopping this engine. */
export function lockOf({ cgroup }: Layout): string {
  return cgroup;
}

/** The lock for what all private engines of a machine share: choosing subnets, forwarding. */
export const machineLock = 'belljar-machine';
