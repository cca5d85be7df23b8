import { isAbsolute, join } from 'node:path';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { listOfStrings, must, trueOrFalse } from '../../support/options/option-checks';
import { parseSubnet } from './machine/subnet';

/** Options of a private engine. */
export interface PrivateEngineOptions {
  /**
   * The engine's name, if several private engines run side by side: 1 to 32 lower-case letters, digits, `-`, `_` and
   * `.`. Default `belljar`.
   */
  name?: string;
  /** The absolute path of the directory for images and layers. Default `/var/lib/belljar/<name>`. */
  dataRoot?: string;
  /** If true, images stay in `dataRoot` for the next start when the engine stops. Default true. */
  keepData?: boolean;
  /**
   * IPv4 addresses for the engine's containers, from /8 to /22: `10.231.0.0/16`. The first /24 is the default bridge's,
   * the others are for networks. Default: a range that is not in use on this machine.
   */
  subnet?: string;
  /** The daemon: a program name on PATH or a path. Default `dockerd`. */
  dockerd?: string;
  /** Additional flags for the daemon, such as `--registry-mirror=…`. Default: none. */
  flags?: readonly string[];
  /** How long the daemon may take until it is ready, in milliseconds. Default 30000. */
  startTimeout?: number;
  /** The directory for the socket, the log and other files that are removed with the engine. Default `/run/belljar`. */
  runDirectory?: string;
}

export interface StartPrivateEngineOptions extends PrivateEngineOptions {
  /** If true, this process uses the engine from now on, as after `useEngine`. Default true. */
  use?: boolean;
}

export type PrivateEngineSettings = Required<Omit<PrivateEngineOptions, 'subnet'>> & {
  subnet: string | undefined;
};

/** A socket's path has at most 107 bytes (unix(7)). The daemon adds up to about 55 bytes, with a name of 32. */
const maxRunDirectoryBytes = 40;

// Commas and line ends have a special meaning in mount options and in the engine's records.
const directoryCheck = must(
  'must be an absolute path other than /, without commas or line ends',
  (value) => typeof value === 'string' && isAbsolute(value) && join(value) !== '/' && !/[\n,]/.test(value),
);

const shortEnough = must(
  `must have at most ${maxRunDirectoryBytes} bytes, otherwise the paths of its sockets are too long`,
  (value) => Buffer.byteLength(join(String(value))) <= maxRunDirectoryBytes,
);

const checks = {
  name: must(
    'must be 1 to 32 lower-case letters, digits, "-", "_" or ".", and begin with a letter or digit',
    (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9_.-]{0,31}$/.test(value),
  ),
  dataRoot: directoryCheck,
  keepData: trueOrFalse,
  subnet: (_, value) => void parseSubnet(String(value), { shortest: 8, longest: 22 }),
  dockerd: must('must be a program on PATH or a path', (value) => typeof value === 'string' && value !== ''),
  flags: listOfStrings,
  startTimeout: must(
    'must be a number of milliseconds, more than 0',
    (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
  ),
  runDirectory: (name, value) => {
    directoryCheck(name, value);
    shortEnough(name, value);
  },
  use: trueOrFalse,
} satisfies OptionChecks<StartPrivateEngineOptions>;

/**
 * Returns the options with their defaults.
 *
 * @throws InvalidOptionError
 */
export function settingsOf(options: StartPrivateEngineOptions): PrivateEngineSettings {
  checkOptions(options, checks);
  const {
    name = 'belljar',
    dataRoot = join('/var/lib/belljar', name),
    keepData = true,
    subnet,
    dockerd = 'dockerd',
    flags = [],
    startTimeout = 30_000,
    runDirectory = '/run/belljar',
  } = options;
  return {
    name,
    dataRoot: join(dataRoot),
    keepData,
    subnet,
    dockerd,
    flags,
    startTimeout,
    runDirectory: join(runDirectory),
  };
}
