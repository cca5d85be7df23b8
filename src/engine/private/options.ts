import { isAbsolute, join } from 'node:path';
import { InvalidOptionError } from '../../support/errors';
import { parseSubnet } from './machine/subnet';

/** How to start a private engine. */
export interface PrivateEngineOptions {
  /**
   * Tells private engines apart that run side by side: up to 32 small letters, digits, `-`, `_` and `.`.
   * Default `belljar`.
   */
  name?: string;
  /** An absolute path for images and layers. Default `/var/lib/belljar/<name>`. */
  dataRoot?: string;
  /** Whether images stay in `dataRoot` when the engine stops, for the next start. Default true. */
  keepData?: boolean;
  /**
   * IPv4 addresses for the engine's containers, from /8 to /22: `10.231.0.0/16`. Its first /24 is the default bridge's,
   * the others go to networks. Default: one that no route and no address of this machine is in.
   */
  subnet?: string;
  /** The daemon: a program name on PATH or a path. Default `dockerd`. */
  dockerd?: string;
  /** More flags for the daemon, such as `--registry-mirror=…`. Default none. */
  flags?: readonly string[];
  /** How long the daemon may take until it is ready, in milliseconds. Default 30000. */
  startTimeout?: number;
  /** Where the socket, the log and other things live that go with the engine. Default `/run/belljar`. */
  runDirectory?: string;
}

export type PrivateEngineSettings = Required<Omit<PrivateEngineOptions, 'subnet'>> & {
  subnet: string | undefined;
};

/** @throws InvalidOptionError `INVALID_OPTION` */
export function checkOptions(options: PrivateEngineOptions): PrivateEngineSettings {
  const { name = 'belljar', startTimeout = 30_000, subnet } = options;
  checkName(name);
  if (!Number.isFinite(startTimeout) || startTimeout <= 0) {
    throw new InvalidOptionError(
      'startTimeout',
      'must be a number of milliseconds, more than 0',
      startTimeout,
    );
  }
  if (subnet !== undefined) parseSubnet(subnet, { shortest: 8, longest: 22 });
  const {
    dataRoot = join('/var/lib/belljar', name),
    runDirectory = '/run/belljar',
    dockerd = 'dockerd',
  } = options;
  return {
    name,
    dataRoot: absolute('dataRoot', dataRoot),
    keepData: options.keepData ?? true,
    subnet,
    dockerd,
    flags: options.flags ?? [],
    startTimeout,
    runDirectory: checkedRunDirectory(runDirectory),
  };
}

function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9_.-]{0,31}$/.test(name)) return;
  const rule = 'must be 1 to 32 small letters, digits, "-", "_" or ".", the first a letter or digit';
  throw new InvalidOptionError('name', rule, name);
}

/**
 * A socket's path has at most 107 bytes (unix(7)); the longest that the daemon makes below is some 55 with a name of
 * 32.
 */
const maxRunDirectoryBytes = 40;

function checkedRunDirectory(path: string): string {
  const directory = absolute('runDirectory', path);
  if (Buffer.byteLength(directory) <= maxRunDirectoryBytes) return directory;
  const rule = `must have at most ${maxRunDirectoryBytes} bytes, or the paths of sockets in it get too long`;
  throw new InvalidOptionError('runDirectory', rule, path);
}

function absolute(option: string, path: string): string {
  // Commas and line ends have a meaning of their own in mount options and in the engine's records.
  if (!isAbsolute(path) || join(path) === '/' || /[\n,]/.test(path)) {
    throw new InvalidOptionError(
      option,
      'must be an absolute path, other than / and without commas or line ends',
      path,
    );
  }
  return join(path);
}
