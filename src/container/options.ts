import type { GenericContainer } from 'testcontainers';
import { checkOptions, type OptionCheck, type OptionChecks } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import {
  absolutePath,
  aFunction,
  eachOf,
  environment,
  isListOfStrings,
  isText,
  isTextOrPattern,
  listOfStrings,
  must,
  namesAndStrings,
  trueOrFalse,
  wholeNumber,
} from '../support/options/option-checks';
import { platformName } from '../image/platform';
import { checkHealthCheck, type HealthCheck } from './health-check';
import type { Network } from './network';
import { mountChecks, type MountOptions } from './options/mounts';
import { networkChecks, type NetworkOptions } from './options/networking';
import { privilegeChecks, type PrivilegeOptions } from './options/privileges';

/** A file that is copied into a container before it starts: from `content`, or from the host's file at `source`. */
export type FileToCopy = { target: string; mode?: number } & (
  { content: string | Buffer; source?: never } | { source: string; content?: never }
);

/** Options of a container. If testcontainers has a name for an option, it is that name. */
export interface ContainerOptions extends NetworkOptions, MountOptions, PrivilegeOptions {
  /**
   * The command of process 1: a program and its arguments, or `'image'` for the image's own. Default: a shell that
   * sleeps, so that the container stays up and idle, and that reaps orphaned processes.
   */
  command?: 'image' | readonly string[];
  /** Replaces the image's entrypoint. Default: none, but the image's own with `command: 'image'`. */
  entrypoint?: readonly string[];
  /** Environment variables added to the image's. Default: none. */
  env?: Readonly<Record<string, string>>;
  /** User that process 1 and, by default, every command runs as. Default: the image's. */
  user?: string;
  /** Working directory, an absolute path. Default: the image's. */
  workdir?: string;
  /** Host name. Default: the first twelve digits of the container's id. */
  hostname?: string;
  /**
   * `bridge`: Docker's default network. `none`: no network but loopback. Any other name: a private network of this
   * process, made when its first container starts and removed with its last; containers on it find each other by host
   * name. A `Network`: that network. Default `bridge`.
   */
  network?: string | Network;
  /** Files that are copied in before the start. Default: none. */
  files?: readonly FileToCopy[];
  /** Memory limit, in bytes, without swap. Default: three quarters of the engine's machine. `Infinity`: no limit. */
  memory?: number;
  /** Processor limit, in cores; 0.5 is half a core. Default: none. */
  cpus?: number;
  /** Limit of processes and threads at once. Default 4096. `Infinity`: as many as the engine allows. */
  pids?: number;
  /**
   * Whether set-user-id bits and file capabilities have no effect: `sudo`, `su` and `ping` then fail for users other
   * than root. Default false.
   */
  noNewPrivileges?: boolean;
  /**
   * How the engine checks whether the container is healthy; `box.waitForHealthy()` waits for that. Default: the
   * image's.
   */
  healthCheck?: HealthCheck;
  /** Labels in addition to belljar's own. Default: none. */
  labels?: Readonly<Record<string, string>>;
  /** Platform, such as `linux/arm64`. Default: the engine's. */
  platform?: string;
  /**
   * Secret strings and patterns. Errors, failures and reports show `[redacted]` in their place. Results of commands are
   * not changed. The values of variables with secret names (`DB_PASSWORD`, `API_TOKEN`, `SIGNING_KEY`) are always
   * secret. Default: none.
   */
  redact?: readonly (string | RegExp)[];
  /** How long creating and starting may take, in milliseconds. Default 60,000. Fetching the image is not counted. */
  startupTimeout?: number;
  /** Changes the testcontainers object before it starts, for settings that belljar has no option for. */
  customize?: (container: GenericContainer) => GenericContainer;
}

/** Before the start, a file there would lie below the mount, where nobody sees it. */
const outsideOfMounts = must(
  'must not be in /dev, /proc or /sys, which are mounted when the container starts: copy it then, by files.copyIn() or files.write()',
  (value) => !/^\/+(dev|proc|sys)(\/|$)/.test(String(value)),
);

const fileChecks = {
  target: (name, path) => {
    absolutePath(name, path);
    outsideOfMounts(name, path);
  },
  mode: wholeNumber(0, 0o7777),
  content: must(
    'must be a string or bytes',
    (value) => typeof value === 'string' || ArrayBuffer.isView(value),
  ),
  source: must('must be the path of a file on the host', (value) => typeof value === 'string'),
} satisfies OptionChecks<FileToCopy>;

/** testcontainers and the engine check some values further when the container starts. */
export const containerChecks = {
  command: must("must be 'image' or a list of words", (value) => value === 'image' || isListOfStrings(value)),
  entrypoint: listOfStrings,
  env: environment,
  user: must('must be a name or id, optionally with :group', isText),
  workdir: absolutePath,
  hostname: must(
    'must be at most 63 letters, digits, dots and dashes',
    (value) => typeof value === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/.test(value),
  ),
  network: must('must be letters, digits, dots, dashes and underscores, or a network', isNetwork),
  files: eachOf('must be a list of files', (name, file) => checkOptions(file, fileChecks, name)),
  ...networkChecks,
  ...mountChecks,
  ...privilegeChecks,
  memory: limit('bytes, 6 MB or more', 6 * 1024 * 1024),
  cpus: must('must be a number of cores, 0.01 or more', (value) => isFrom(value, 0.01)),
  pids: limit('processes, 1 or more', 1),
  noNewPrivileges: trueOrFalse,
  healthCheck: checkHealthCheck,
  labels: namesAndStrings,
  platform: platformName,
  redact: checkSecrets,
  startupTimeout: must('must be a number of milliseconds, 1 or more', (value) => isFrom(value, 1)),
  customize: aFunction,
} satisfies OptionChecks<ContainerOptions>;

/** Only a string is checked further: the proxy of `useNetwork()` has no network yet when options are checked. */
function isNetwork(value: unknown): boolean {
  if (typeof value === 'string') return /^[a-zA-Z0-9][\w.-]*$/.test(value);
  return typeof value === 'object' && value !== null;
}

/** The error has only the type of the value: the value may be the secret. */
export function checkSecrets(name: string, secrets: unknown): void {
  if (Array.isArray(secrets) && secrets.every(isTextOrPattern)) return;
  throw new InvalidOptionError(name, 'must be a list of strings and RegExps', typeof secrets);
}

function isFrom(value: unknown, min: number): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min;
}

/** Makes the check of a limit, which may be Infinity. */
function limit(what: string, min: number): OptionCheck {
  return must(
    `must be a number of ${what}, or Infinity`,
    (value) => value === Infinity || isFrom(value, min),
  );
}
