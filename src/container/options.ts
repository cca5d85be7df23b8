import { types } from 'node:util';
import type { GenericContainer } from 'testcontainers';
import { InvalidOptionError } from '../support/errors';
import { checkHealthCheck, type HealthCheck } from './health-check';
import type { Network } from './network';

/** A file that is put into a container before it starts: `content`, or the `source` path of one on the host. */
export type FileToCopy = { target: string; mode?: number } & (
  { content: string | Buffer; source?: never } | { source: string; content?: never }
);

/** How a container is made. Where testcontainers has a word for a thing, it is that word. */
export interface ContainerOptions {
  /**
   * What process 1 is. Default: a shell that sleeps, so that the container stays up and idle and reaps orphans.
   * `'image'` runs what the image says; a list runs that.
   */
  command?: 'image' | readonly string[];
  /** Replaces the image's entrypoint. Default: none, but the image's own with `command: 'image'`. */
  entrypoint?: readonly string[];
  /** Environment variables added to the image's. */
  env?: Readonly<Record<string, string>>;
  /** User that process 1 and, by default, every command runs as. Default: the image's. */
  user?: string;
  /** Working directory, an absolute path. Default: the image's. */
  workdir?: string;
  /** Host name. Default: the first twelve digits of the container's id. */
  hostname?: string;
  /**
   * `bridge`: Docker's default network. `none`: no network but loopback. Any other name: a network of this run's own,
   * made when its first container starts and removed with its last; containers on it find each other by host name. A
   * `Network`: that one. Default `bridge`.
   */
  network?: string | Network;
  /** Files put in before the start. */
  files?: readonly FileToCopy[];
  /** Container ports published on free ports of the engine's host; `box.port(80)` tells which. */
  ports?: readonly number[];
  /** Memory limit, in bytes, without swap. Default: three quarters of the engine's machine; `Infinity` is no limit. */
  memory?: number;
  /** Processor limit, in cores; 0.5 is half of one. Default: none. */
  cpus?: number;
  /** How many processes and threads there may be at once. Default 4096; `Infinity` is as many as the engine allows. */
  pids?: number;
  /**
   * Whether no program gets more rights than its starter has, whatever its file says: `sudo`, `su` and `ping` then fail
   * for users other than root. Default false.
   */
  noNewPrivileges?: boolean;
  /**
   * How the engine sees whether the container is healthy; `box.waitForHealthy()` waits for that. Default: the image's.
   */
  healthCheck?: HealthCheck;
  /** Labels beside belljar's own. */
  labels?: Readonly<Record<string, string>>;
  /** Such as `linux/arm64`. Default: the engine's. */
  platform?: string;
  /**
   * Texts and patterns that are secret: errors, failures and reports have `[redacted]` in their place; what a command
   * gives to the test stays as it is. The values of variables whose names say that they are secret - `DB_PASSWORD`,
   * `API_TOKEN`, `SIGNING_KEY` - are so by themselves. Default: none.
   */
  redact?: readonly (string | RegExp)[];
  /** How long creating and starting may take, in milliseconds. Default 60,000. Fetching the image is not counted. */
  startupTimeout?: number;
  /** The way out when belljar lacks an option: changes the testcontainers object before it starts. */
  customize?: (container: GenericContainer) => GenericContainer;
}

/**
 * Throws at the first option that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkContainerOptions(options: ContainerOptions): void {
  for (const name of Object.keys(options)) {
    if (!known.has(name))
      throw new InvalidOptionError(name, `is not an option; there are ${[...known].join(', ')}`, name);
  }
  checkAbsolute('workdir', options.workdir);
  checkLimit('memory', options.memory, 'a number of bytes, 6 MB or more', 6 * 1024 * 1024);
  checkPositive('cpus', options.cpus, 'a number of cores, 0.01 or more', 0.01);
  checkLimit('pids', options.pids, 'a number of processes, 1 or more', 1);
  checkPositive('startupTimeout', options.startupTimeout, 'a number of milliseconds, 1 or more', 1);
  if (options.healthCheck !== undefined) checkHealthCheck(options.healthCheck);
  for (const port of options.ports ?? []) checkPort(port);
  for (const file of options.files ?? []) checkAbsolute('files: target', file.target);
  checkNames(options);
  checkSecrets(options.redact);
}

const known = new Set([
  'command',
  'entrypoint',
  'env',
  'user',
  'workdir',
  'hostname',
  'network',
  'files',
  'ports',
  'memory',
  'cpus',
  'pids',
  'noNewPrivileges',
  'healthCheck',
  'labels',
  'platform',
  'redact',
  'startupTimeout',
  'customize',
]);

function checkNames({ env, network, hostname }: ContainerOptions): void {
  for (const name of Object.keys(env ?? {})) {
    if (name === '' || /[=\0]/.test(name))
      throw new InvalidOptionError('env', 'has a name that no variable can have', name);
  }
  if (typeof network === 'string' && !/^[a-zA-Z0-9][\w.-]*$/.test(network)) {
    throw new InvalidOptionError('network', 'must be letters, digits, dots, dashes and underscores', network);
  }
  if (hostname !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/.test(hostname)) {
    throw new InvalidOptionError('hostname', 'must be at most 63 letters, digits, dots and dashes', hostname);
  }
}

function checkSecrets(secrets: unknown): void {
  if (secrets === undefined) return;
  // Not instanceof: in a test file, a RegExp is another realm's.
  const isSecret = (secret: unknown): boolean =>
    types.isRegExp(secret) || (typeof secret === 'string' && secret !== '');
  if (Array.isArray(secrets) && secrets.every(isSecret)) return;
  // What is wrong about it is told by its type alone: the value may be the secret.
  throw new InvalidOptionError('redact', 'must be a list of texts and RegExps', typeof secrets);
}

function checkAbsolute(name: string, path: string | undefined): void {
  if (path !== undefined && !path.startsWith('/')) {
    throw new InvalidOptionError(name, 'must be an absolute path in the container', path);
  }
}

function checkPositive(name: string, value: number | undefined, what: string, least: number): void {
  if (value !== undefined && !(Number.isFinite(value) && value >= least)) {
    throw new InvalidOptionError(name, `must be ${what}`, value);
  }
}

/** The same for what may be unlimited. */
function checkLimit(name: string, value: number | undefined, what: string, least: number): void {
  if (value !== Infinity) checkPositive(name, value, `${what}, or Infinity`, least);
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidOptionError('ports', 'must be whole numbers from 1 to 65535', port);
  }
}
