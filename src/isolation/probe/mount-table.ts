/** File systems in the kernel or in memory, which hold nothing of the host's disks. */
const withoutDisk = new Set([
  'proc',
  'sysfs',
  'tmpfs',
  'devpts',
  'devtmpfs',
  'mqueue',
  'cgroup',
  'cgroup2',
  'ramfs',
  'bpf',
  'tracefs',
  'debugfs',
  'securityfs',
  'binfmt_misc',
  'nsfs',
]);

/**
 * The files that the engine mounts into every container (Docker's documentation, "Container networking"; Podman's
 * podman-run(1), "/run/.containerenv"). They are files, on which no disk can be mounted.
 */
const everyContainers = ['/', '/etc/resolv.conf', '/etc/hostname', '/etc/hosts', '/run/.containerenv'];

/** A line of `/proc/<pid>/mountinfo` (proc(5)). */
export interface MountLine {
  device: string;
  root: string;
  point: string;
  type: string;
  source: string;
  isReadOnly: boolean;
}

/** Parses the lines of a `mountinfo` file. */
export function parseMountTable(text: string): MountLine[] {
  return text.split('\n').flatMap((line) => {
    const [mount = '', system = ''] = line.split(' - ');
    const [, , device, root, point, options = ''] = mount.split(' ');
    const [type, source] = system.split(' ');
    if (device === undefined || root === undefined || point === undefined || type === undefined) return [];
    const isReadOnly = options.split(',').includes('ro');
    return [
      {
        device,
        root: unescape(root),
        point: unescape(point),
        type,
        source: unescape(source ?? ''),
        isReadOnly,
      },
    ];
  });
}

/**
 * Lists the mounts of files on disk that the engine's configuration doesn't explain, such as a disk of the host that a
 * program in the container has mounted.
 *
 * @param known the mount points that the engine lists
 * @param whole the mount points among them that include what is mounted below them
 */
export function unexplainedMounts(
  table: readonly MountLine[],
  known: readonly string[],
  whole: readonly string[] = [],
): MountLine[] {
  const explained = new Set([...everyContainers, ...known]);
  const isBelow = (point: string): boolean => whole.some((root) => point.startsWith(`${root}/`));
  return table.filter(
    ({ type, point }) => !withoutDisk.has(type) && !explained.has(point) && !isBelow(point),
  );
}

/** Spaces, tabs, newlines and backslashes are written in octal (proc(5), "mountinfo"). */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
