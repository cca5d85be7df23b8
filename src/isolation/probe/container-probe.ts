import { randomBytes } from 'node:crypto';
import { isRoot } from '../../container/root-user';
import { messageOf } from '../../support/errors';
import { IsolationError } from '../errors';
import { parseMountTable, type MountLine } from './mount-table';
import { parseNamespaces, type Namespaces } from './process';
import type { InspectResult, Subject } from '../subject';

/** A container, and the user as whom belljar checks it. */
export type ContainerProbe = Subject & { as: { user?: string } };

/** Returns the container with its root as the user. The user is named only if commands run as another user. */
export function probedAsRoot(subject: Subject, { Config: { User: user } }: InspectResult): ContainerProbe {
  const run: Subject['run'] = subject.run.bind(subject);
  return {
    id: subject.id,
    name: subject.name,
    docker: subject.docker,
    run,
    as: isRoot(user) ? {} : { user: '0' },
  };
}

/** The paths, directories and files of one check in a container. */
export interface ProbeRequest {
  /** Paths whose existence is checked. */
  paths: readonly string[];
  /** Directories whose identity (device and inode) is read. */
  directories: readonly string[];
  /** Files to remove after the checks. */
  thenRemove: readonly string[];
}

/** The view from inside a container. A part is undefined if the container lacks the tool to read it. */
export interface ProbeResult {
  namespaces: Namespaces | undefined;
  mounts: MountLine[] | undefined;
  /** The `/proc/<pid>/status` of a command of the container's root. */
  status: string | undefined;
  /** The `/proc/<pid>/cgroup` of that command. */
  groups: string | undefined;
  /** True if the container has the kernel's initial network namespace. */
  hasInitialNetwork: boolean | undefined;
  /** Every TCP socket's line in `/proc/net/tcp` and `tcp6`. */
  tcp: string | undefined;
  /** Every Unix socket's line in `/proc/net/unix`. */
  unix: string | undefined;
  /** The command lines of all visible processes, one after the other. */
  processes: string | undefined;
  /** The environments of all processes, as far as they may be read. */
  environments: string;
  /** The requested paths that exist. */
  paths: string[];
  /** The identity (device and inode) of each requested directory that exists. */
  directories: ReadonlyMap<string, string> | undefined;
}

/** The script must not name what it searches for, except paths: its own process is in `/proc`, too. */
const probeScript = `
marker=$1 paths=$2 removals=$3; shift 3
section() { printf '\\n%s %s\\n' "$marker" "$1"; }
section namespaces; ls -l /proc/self/ns
section mounts; cat /proc/self/mountinfo
section status; cat /proc/self/status
section groups; cat /proc/self/cgroup
section network; cd /proc/sys/net/core && { [ -e dev_weight ] && echo initial || echo own; }; cd /
section tcp; cat /proc/net/tcp /proc/net/tcp6
section unix; cat /proc/net/unix
section processes; cat /proc/[0-9]*/cmdline
section environments; cat /proc/[0-9]*/environ
section paths
while [ "$paths" -gt 0 ]; do
  if [ -e "$1" ] || [ -L "$1" ]; then printf '%s\\n' "$1"; fi
  shift; paths=$((paths - 1))
done
section unremoved
while [ "$removals" -gt 0 ]; do
  rm -f -- "$1"
  if [ -e "$1" ]; then printf '%s\\n' "$1"; fi
  shift; removals=$((removals - 1))
done
section directories; stat -L -c '%d:%i %n' -- "$@"
section end`;

/**
 * Reads a container's view from inside, in one round trip. Nothing in the container changes.
 *
 * @throws IsolationError `CANNOT_LOOK` if the container has no `/bin/sh`, or a file could not be removed
 */
export async function probeInside(subject: ContainerProbe, request: ProbeRequest): Promise<ProbeResult> {
  const marker = randomBytes(12).toString('hex');
  const { paths, directories, thenRemove } = request;
  const counts = [String(paths.length), String(thenRemove.length)];
  const output = await runProbeScript(subject, probeScript, [
    marker,
    ...counts,
    ...paths,
    ...thenRemove,
    ...directories,
  ]);
  const sections = splitSections(output, marker);
  if (!sections.has('end'))
    throw new IsolationError('CANNOT_LOOK', `The script that checks ${subject.name} did not finish.`);
  const text = (name: string): string => sections.get(name) ?? '';
  const unremoved = text('unremoved').trim();
  if (unremoved !== '')
    throw new IsolationError(
      'CANNOT_LOOK',
      `belljar could not remove its own file from ${subject.name}: ${unremoved}`,
    );
  const namespaces = parseNamespaces(text('namespaces'));
  const mounts = parseMountTable(text('mounts'));
  const identities = parseIdentities(text('directories'));
  return {
    namespaces: namespaces.size > 0 ? namespaces : undefined,
    mounts: mounts.length > 0 ? mounts : undefined,
    status: text('status').trim() === '' ? undefined : text('status'),
    groups: text('groups').trim() === '' ? undefined : text('groups'),
    hasInitialNetwork: isInitialNetwork(text('network').trim()),
    // Each of these files has at least a heading, and there is always a process: that of this script.
    tcp: text('tcp').trim() === '' ? undefined : text('tcp'),
    unix: text('unix').trim() === '' ? undefined : text('unix'),
    processes: text('processes').trim() === '' ? undefined : text('processes'),
    environments: text('environments'),
    paths: text('paths')
      .split('\n')
      .filter((line) => line !== ''),
    directories: identities.size > 0 ? identities : undefined,
  };
}

/**
 * Runs a script of belljar as the container's root, and returns its standard output.
 *
 * @throws IsolationError `CANNOT_LOOK`
 */
export async function runProbeScript(
  subject: ContainerProbe,
  script: string,
  args: readonly string[],
): Promise<string> {
  try {
    const result = await subject.run('/bin/sh', ['-c', script, 'belljar', ...args], {
      reject: false,
      ...subject.as,
    });
    if (result.exitCode !== undefined && result.exitCode !== 126 && result.exitCode !== 127)
      return result.stdout;
    throw new Error(result.code ?? result.stderr);
  } catch (error) {
    throw new IsolationError(
      'CANNOT_LOOK',
      `belljar can't check the container from inside, for which it needs /bin/sh there: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function isInitialNetwork(word: string): boolean | undefined {
  return word === '' ? undefined : word === 'initial';
}

/** Says that a check was not possible, because the container lacks a program. */
export function withoutTool<Part extends object>(
  evidence: Part,
  tool: string,
): Part & { status: 'unknown'; found: string } {
  return { ...evidence, status: 'unknown', found: `the container has no ${tool}, which this check needs` };
}

function splitSections(output: string, marker: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of output.split(`\n${marker} `).slice(1)) {
    const end = part.indexOf('\n');
    if (end < 0) sections.set(part.trim(), '');
    else sections.set(part.slice(0, end), part.slice(end + 1));
  }
  return sections;
}

function parseIdentities(text: string): Map<string, string> {
  const found = [...text.matchAll(/^(\d+:\d+) (.*)$/gm)];
  return new Map(found.map(([, identity = '', path = '']) => [path, identity]));
}
