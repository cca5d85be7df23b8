import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import { checkOptions, type OptionCheck, type OptionChecks } from '../../support/options/check-options';
import { eachOf, entriesOf, isText, must, oneOf, trueOrFalse } from '../../support/options/option-checks';

/** A volume with a name, and where it is mounted. */
export interface VolumeMount {
  /**
   * A name that containers of this process share. belljar makes the volume when the first container starts, and removes
   * the volume with its content when the last container is removed.
   */
  name: string;
  /** The directory in the container, an absolute path. */
  target: string;
  /** `ro`: the container can only read. Default `rw`. */
  mode?: 'rw' | 'ro';
  /**
   * Whether the volume is one that the engine has already, under this very name. belljar never makes or removes such a
   * volume. Default false.
   */
  external?: boolean;
}

/** A file or directory of the engine's host, and where it is mounted. The names are testcontainers'. */
export interface BindMount {
  /** The file or directory of the engine's host, an absolute path. It must exist. */
  source: string;
  /** The path in the container, absolute. */
  target: string;
  /** `ro`: the container can only read. Default `rw`. */
  mode?: 'rw' | 'ro';
}

/** Options of what is mounted into a container. */
export interface MountOptions {
  /**
   * File systems in memory, by their absolute paths in the container, with their mount options (tmpfs(5)):
   * `{ '/scratch': 'size=64m,mode=1777' }`. An empty string means the engine's defaults. Default: none.
   */
  tmpfs?: Readonly<Record<string, string>>;
  /**
   * Whether the container's root file system is read-only. `tmpfs` and `volumes` stay writable. Default false.
   */
  readOnly?: boolean;
  /**
   * Volumes. A path is a volume without a name, which is new, and goes with the container. Default: those of the
   * image.
   */
  volumes?: readonly (string | VolumeMount)[];
  /**
   * Files and directories of the engine's host. They open the container to the host: `toBeIsolatedFromHost()` fails
   * unless the test allows `bind mounts`. Default: none.
   */
  binds?: readonly BindMount[];
}

const target = must(
  'must be an absolute path in the container, other than /',
  (value) => isText(value) && /^\/.*[^/]/.test(value),
);

const mode = oneOf(['rw', 'ro']);

const volumeChecks = {
  name: must(
    'must be a name: letters, digits, dots, dashes and underscores, two or more',
    (value) => typeof value === 'string' && /^[a-zA-Z0-9][\w.-]+$/.test(value),
  ),
  target,
  mode,
  external: trueOrFalse,
} satisfies OptionChecks<VolumeMount>;

const bindChecks = {
  source: must(
    "must be an absolute path of the engine's host",
    (value) => isText(value) && value.startsWith('/'),
  ),
  target,
  mode,
} satisfies OptionChecks<BindMount>;

const anonymousOrNamed: OptionCheck = (name, value) => {
  if (typeof value !== 'string') {
    checkAll(name, value, volumeChecks, ['name', 'target']);
    return;
  }
  if (!value.startsWith('/') && value.includes(':'))
    throw new InvalidOptionError(name, "must name a volume as { name: 'cache', target: '/data' }", value);
  target(name, value);
};

export const mountChecks = {
  tmpfs: (name, value) => {
    for (const [path, options] of entriesOf(name, value)) {
      target(name, path);
      if (typeof options !== 'string')
        throw new InvalidOptionError(
          `${name}: ${path}`,
          "must be mount options, such as 'size=64m'",
          options,
        );
    }
  },
  readOnly: trueOrFalse,
  volumes: eachOf('must be a list of paths in the container, and of volumes with names', anonymousOrNamed),
  binds: eachOf('must be a list of { source, target, mode }', (name, value) =>
    checkAll(name, value, bindChecks, ['source', 'target']),
  ),
} satisfies OptionChecks<MountOptions>;

/** Checks the options of an item, some of which must be there. */
function checkAll(
  name: string,
  value: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  required: readonly string[],
): void {
  checkOptions(value, checks, name);
  for (const each of required) checks[each]?.(`${name}: ${each}`, (value as Record<string, unknown>)[each]);
}

/** Returns the paths in the container at which an option mounts something. */
export function mountTargets({ tmpfs = {}, volumes = [], binds = [] }: MountOptions): string[] {
  const listed = [...volumes, ...binds].map((one) => (typeof one === 'string' ? one : one.target));
  return [...Object.keys(tmpfs), ...listed].map((path) => path.replace(/\/+$/, ''));
}

/**
 * Returns volumes and bind mounts as the engine takes them (Engine API, "Create a container": `HostConfig.Mounts`). Of
 * its older `Binds`, a source that is missing becomes a directory of root's on the host.
 *
 * @param volumeNames the engine's names of the volumes that are not external
 */
export function engineMounts(
  { volumes = [], binds = [] }: MountOptions,
  volumeNames: ReadonlyMap<string, string>,
): Docker.MountSettings[] {
  return [
    ...volumes.map((volume): Docker.MountSettings => {
      if (typeof volume === 'string') return { Type: 'volume', Source: '', Target: volume };
      const { name, target: Target, mode: access, external = false } = volume;
      const source = external ? name : (volumeNames.get(name) ?? name);
      return { Type: 'volume', Source: source, Target, ReadOnly: access === 'ro' };
    }),
    ...binds.map(({ source, target: Target, mode: access }): Docker.MountSettings => ({
      Type: 'bind',
      Source: source,
      Target,
      ReadOnly: access === 'ro',
    })),
  ];
}
