import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import { checkOptions, type OptionCheck, type OptionChecks } from '../../support/options/check-options';
import {
  entriesOf,
  eachOf,
  isText,
  isWholeNumber,
  must,
  trueOrFalse,
} from '../../support/options/option-checks';
import { mostSimilar } from '../../support/options/similar';
import { capabilityName, capabilityNames } from './capabilities';

/** A device of the engine's host. */
export interface Device {
  /** The device of the host: `/dev/fuse`. */
  source: string;
  /** Its path in the container. Default: the same. */
  target?: string;
  /** What the container may do: `r` read, `w` write, `m` make its node. Default `rwm`. */
  permissions?: string;
}

/** The limits of a resource (setrlimit(2)). `Infinity` means no limit. */
export interface Ulimit {
  /** What a process is limited to until it raises the limit. */
  soft: number;
  /** How far a process may raise its limit. */
  hard: number;
}

/** Options of what a container may do. */
export interface PrivilegeOptions {
  /**
   * Whether the container has all capabilities and all devices, with nothing hidden: it can take over the host.
   * `toBeIsolatedFromHost()` fails. Default false.
   */
  privileged?: boolean;
  /**
   * Capabilities (capabilities(7)) in addition to the engine's default, with or without `CAP_`, or `ALL`.
   * `toBeIsolatedFromHost()` fails for those beyond the default. Default: none.
   */
  capAdd?: readonly string[];
  /** Capabilities that the container does not have, or `ALL`. Default: none. */
  capDrop?: readonly string[];
  /** Devices of the engine's host. `toBeIsolatedFromHost()` fails. Default: none. */
  devices?: readonly (string | Device)[];
  /**
   * Limits of process 1 and of every command, by their names (setrlimit(2)): `{ nofile: 1024 }`, or
   * `{ nofile: { soft: 1024, hard: 4096 } }`. Default: the engine's.
   */
  ulimits?: Readonly<Record<string, number | Ulimit>>;
  /** The size of `/dev/shm`, in bytes. Default: the engine's, which is 64 MiB. */
  shmSize?: number;
  /**
   * Kernel settings of the container's own namespaces (sysctl(8)): `{ 'net.core.somaxconn': 1024 }`. Default: the
   * engine's.
   */
  sysctls?: Readonly<Record<string, string | number>>;
  /**
   * Whether process 1 is the engine's own small init, which starts the command, passes signals on and reaps orphaned
   * processes. belljar's default command reaps them itself. Default false.
   */
  init?: boolean;
}

const limitNames = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
];

const capability: OptionCheck = (option, value) => {
  if (typeof value !== 'string')
    throw new InvalidOptionError(option, 'must be a list of capabilities', value);
  const name = capabilityName(value);
  if (name !== 'ALL' && !capabilityNames.includes(name))
    throw unknown(option, 'a capability that there is not', value, name, capabilityNames);
};

const device = must('must be an absolute path of a device', (path) => isText(path) && /^\/./.test(path));

const deviceChecks = {
  source: device,
  target: device,
  permissions: must('must be one or more of the letters r, w and m', isPermissions),
} satisfies OptionChecks<Device>;

export const privilegeChecks = {
  privileged: trueOrFalse,
  capAdd: eachOf('must be a list of capabilities', capability),
  capDrop: eachOf('must be a list of capabilities', capability),
  devices: eachOf('must be a list of devices', (name, value) => {
    if (typeof value !== 'string') checkOptions(value, deviceChecks, name);
    const isPath = typeof value === 'string';
    device(isPath ? name : `${name}: source`, isPath ? value : (value as Partial<Device>).source);
  }),
  ulimits: (option, value) => {
    for (const [name, limit] of entriesOf(option, value)) {
      if (!limitNames.includes(name))
        throw unknown(option, 'a limit that there is not', name, name, limitNames);
      checkLimit(`${option}: ${name}`, limit);
    }
  },
  shmSize: must('must be a number of bytes, 1 or more', (value) => isWholeNumber(value, 1, Infinity)),
  sysctls: (option, value) => {
    for (const [name, setting] of entriesOf(option, value)) {
      if (!/^[a-z0-9_-]+([./][\w-]+)+$/.test(name))
        throw new InvalidOptionError(option, 'must have names such as net.core.somaxconn', name);
      if (typeof setting !== 'string' && typeof setting !== 'number')
        throw new InvalidOptionError(`${option}: ${name}`, 'must be a string or a number', setting);
    }
  },
  init: trueOrFalse,
} satisfies OptionChecks<PrivilegeOptions>;

function isPermissions(value: unknown): boolean {
  return typeof value === 'string' && /^[rwm]{1,3}$/.test(value) && new Set(value).size === value.length;
}

function checkLimit(name: string, limit: unknown): void {
  const { soft, hard } =
    typeof limit === 'object' && limit !== null ? (limit as Partial<Ulimit>) : bothAt(limit);
  if (typeof limit === 'object' && limit !== null)
    checkOptions(limit, { soft: isLimit, hard: isLimit }, name);
  isLimit(name, soft);
  isLimit(name, hard);
  if (Number(soft) > Number(hard))
    throw new InvalidOptionError(name, 'must have no soft limit above the hard one', limit);
}

function bothAt(limit: unknown): { soft: unknown; hard: unknown } {
  return { soft: limit, hard: limit };
}

const isLimit = must(
  'must be a whole number, 0 or more, or Infinity, or { soft, hard }',
  (value) => value === Infinity || isWholeNumber(value, 0, Infinity),
);

function unknown(
  option: string,
  problem: string,
  given: string,
  wanted: string,
  names: readonly string[],
): InvalidOptionError {
  const similar = mostSimilar(wanted, names);
  const hint = similar.length === 0 ? '' : ` Did you mean ${similar.join(' or ')}?`;
  return new InvalidOptionError(option, `names ${problem}, ${given}.${hint} There are ${names.join(', ')}`);
}

/** Returns the settings for which testcontainers has no `with…` (Engine API, "Create a container": `HostConfig`). */
export function enginePrivileges({ devices, sysctls, init }: PrivilegeOptions): Docker.HostConfig {
  return {
    ...(devices && { Devices: devices.map(engineDevice) }),
    ...(sysctls && {
      Sysctls: Object.fromEntries(Object.entries(sysctls).map(([name, value]) => [name, String(value)])),
    }),
    ...(init !== undefined && { Init: init }),
  };
}

function engineDevice(given: string | Device): Docker.DeviceMapping {
  const {
    source,
    target = source,
    permissions = 'rwm',
  } = typeof given === 'string' ? { source: given } : given;
  return { PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions };
}

/** Returns the limits as testcontainers takes them; -1 is no limit. */
export function engineUlimits(
  ulimits: NonNullable<PrivilegeOptions['ulimits']>,
): Record<string, { soft: number; hard: number }> {
  const finite = (value: number): number => (value === Infinity ? -1 : value);
  return Object.fromEntries(
    Object.entries(ulimits).map(([name, limit]) => {
      const { soft, hard } = typeof limit === 'number' ? { soft: limit, hard: limit } : limit;
      return [name, { soft: finite(soft), hard: finite(hard) }];
    }),
  );
}
