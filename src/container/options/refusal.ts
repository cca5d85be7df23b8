import type { ContainerErrorCode } from '../errors';
import type { ContainerOptions } from '../options';

/** Why the engine refused a container, and what to do about it. */
export interface Refusal {
  code: ContainerErrorCode;
  /** As it reads after "The engine did not start a container from ubuntu:20.04": a clause and a piece of advice. */
  because: string;
}

/** A wording of engines (moby, runc, crun), and what it means. `$1` is the first group of the pattern. */
interface Wording {
  pattern: RegExp;
  option?: keyof ContainerOptions | 'customize: withName()' | 'customize';
  code?: ContainerErrorCode;
  meaning: string;
}

/** The first that matches counts, so what is specific comes before what is general. */
const wordings: readonly Wording[] = [
  {
    pattern: /(\d+)(?:\/\w+)? failed: port is already allocated|:(\d+): bind: address already in use/,
    option: 'ports',
    code: 'PORT_TAKEN',
    meaning: "port $1 of the engine's host is taken. Choose another, or let the engine choose: ports: [80]",
  },
  {
    pattern: /:(\d+): bind: permission denied|cannot expose privileged port (\d+)/,
    option: 'ports',
    meaning: 'this engine is not root, and may not listen on port $1. Choose a port from 1024 on',
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    option: 'binds',
    meaning: "the engine's host has no $1. Make it first: belljar does not, because it would belong to root",
  },
  {
    pattern: /mounting "([^"]+)" to rootfs at "([^"]+)".*not a directory/,
    option: 'binds',
    meaning: '$1 is a file and its target is a directory in the image, or the other way round',
  },
  {
    pattern: /custom device "([^"]+)": no such file|(?:stat|lstat) (\/dev\/[^:\s]+): no such file/,
    option: 'devices',
    meaning: "the engine's host has no device $1",
  },
  { pattern: /"([^"]+)": not a device node/, option: 'devices', meaning: '$1 is not a device' },
  {
    pattern: /sysctl "?([\w./-]+)"? is not (?:in a separate kernel namespace|namespaced)/,
    option: 'sysctls',
    meaning: "$1 is a setting of the whole machine, so a container can't have its own",
  },
  {
    pattern: /sysctl "([\w./-]+)" (?:is not allowed|not allowed)/,
    option: 'sysctls',
    meaning: '$1 is not allowed, because another option sets it, such as hostname',
  },
  {
    pattern: /(?:open|write|writing to)[^:]* `?\/proc\/sys\/([\w./-]+)/,
    option: 'sysctls',
    meaning: 'the kernel has no setting $1, or refuses the value',
  },
  {
    pattern: /setting rlimit|rlimit value|setrlimit/,
    option: 'ulimits',
    meaning: "a limit is above what the engine's host allows",
  },
  {
    pattern: /ENOENT: no such file or directory, \w+ '([^']+)'/,
    option: 'files',
    meaning: 'this machine has no file $1',
  },
  {
    pattern: /invalid tmpfs option (\[.*\]|"[^"]*")/,
    option: 'tmpfs',
    meaning: 'there is no mount option $1',
  },
  {
    pattern: /Range of CPUs is from [\d.]+ to ([\d.]+)/,
    option: 'cpus',
    meaning: "the engine's host has only $1 processors",
  },
  {
    pattern: /Requested CPUs are not available/,
    option: 'customize',
    meaning: "the engine's host does not have these processors",
  },
  {
    pattern: /unable to apply caps: operation not permitted|capset[^:]*: operation not permitted/i,
    option: 'privileged',
    meaning:
      'this engine is itself confined, and may not give a container these capabilities. Use privileged or capAdd only ' +
      'with an engine that has them',
  },
  { pattern: /invalid CapAdd: (.*)/, option: 'capAdd', meaning: 'the engine does not know it: $1' },
  { pattern: /invalid CapDrop: (.*)/, option: 'capDrop', meaning: 'the engine does not know it: $1' },
  {
    pattern: /unable to find (?:user|group) ([^:\s]+)|no such user[^:]*: (\S+)/i,
    option: 'user',
    meaning: 'the image has no user or group $1',
  },
  {
    pattern: /Cannot mkdir: (\S+) is not a directory|chdir to cwd \("([^"]+)"\)/,
    option: 'workdir',
    meaning: '$1 is not a directory in the image',
  },
  {
    pattern: /invalid IP address in add-host: (.*)|derive the IP value for host-gateway/,
    option: 'extraHosts',
    meaning: 'the engine refuses the address $1',
  },
  {
    pattern: /container rootfs is marked read-only/,
    option: 'readOnly',
    meaning: "nothing can be copied into the container. Leave out customize's withCopy…ToContainer()",
  },
  {
    pattern: /name "\/?([^"]+)" is already in use|name (\S+) is in use/,
    option: 'customize: withName()',
    code: 'NAME_TAKEN',
    meaning: 'another container has the name $1. Leave the name out: the engine then chooses a free one',
  },
  {
    pattern: /[Uu]nknown (?:or invalid )?runtime(?: specified| name:)? (\S+)|runtime "(\S+)" not found/,
    option: 'customize',
    meaning: 'the engine has no runtime $1. `docker info` lists those that it has',
  },
  {
    pattern: /does not match the specified platform: wanted (\S+), actual: (\S+)/,
    option: 'platform',
    meaning: 'the image is not for the platform $1',
  },
  {
    pattern: /exec format error/,
    option: 'platform',
    meaning: "the program is for another processor than the engine's host has",
  },
  {
    pattern: /[Mm]inimum memory (?:limit|reservation)|container_linux.*cannot set memory limit/,
    option: 'memory',
    meaning: 'the limit is too low for a container',
  },
  {
    pattern: /cgroup.*(?:invalid argument|memory\.(?:max|limit)|pids\.max|cpu\.(?:max|cfs))/i,
    meaning: "the engine's host can't set the limits of memory, cpus or pids",
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'NO_SPACE',
    meaning:
      "the engine's disk is full. `docker system df` shows what is on it, and `belljar doctor` how much is free",
  },
];

/**
 * Returns what the engine's refusal of a container means; undefined if belljar does not know the wording.
 *
 * @param message the engine's message
 */
export function refusalOf(message: string): Refusal | undefined {
  for (const { pattern, option, code = 'OPTION_REFUSED', meaning } of wordings) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const group = match.slice(1).find(Boolean) ?? '';
    const text = meaning.replaceAll('$1', group.trim());
    return { code, because: option === undefined ? text : `the option ${option}: ${text}` };
  }
  return undefined;
}
