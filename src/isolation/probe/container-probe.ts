import { randomBytes } from 'node:crypto';
import { isRoot } from '../../container/root-user';
import { messageOf } from '../../support/errors';
import { IsolationError } from '../errors';
import { parseMountTable, type MountLine } from './mount-table';
import { parseNamespaces, type Namespaces } from './process';
import type { InspectResult, Subject } from '../subject';

/** A container, and the user that it is looked at as. */
export type ContainerProbe = Subject & { as: { user?: string } };

/** The container with its own root to look as: by a user's name only where commands run as somebody else. */
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

/** What to look for inside a container. */
export interface ProbeRequest {
  /** Paths: which of them are there? */
  paths: readonly string[];
  /** Directories: which ones are they? */
  directories: readonly string[];
  /** Files to remove once everything has been looked at. */
  thenRemove: readonly string[];
}

/** What a container looks like from inside. Undefined where it has no tool to look with. */
export interface ProbeResult {
  namespaces: Namespaces | undefined;
  mounts: MountLine[] | undefined;
  /** Every TCP socket's line in `/proc/net/tcp` and `tcp6`. */
  tcp: string | undefined;
  /** Every Unix socket's line in `/proc/net/unix`. */
  unix: string | undefined;
  /** The command lines of all processes that can be seen, one after the other. */
  processes: string | undefined;
  /** The environments of all processes that may be read. */
  environments: string;
  /** Those of the paths asked for that are there. */
  paths: string[];
  /** Identity (device and inode) of each of the directories asked for that is there. */
  directories: ReadonlyMap<string, string> | undefined;
}

/** Nothing in it names what is looked for but the paths: the look itself shows up in `/proc`, too. */
const probeScript = `
marker=$1 paths=$2 removals=$3; shift 3
section() { printf '\\n%s %s\\n' "$marker" "$1"; }
section namespaces; ls -l /proc/self/ns
section mounts; cat /proc/self/mountinfo
section tcp; cat /proc/net/tcp /proc/net/tcp6
section unix; cat /proc/net/unix
section processes; cat /proc/[0-9]*/cmdline
section environments; cat /proc/[0-9]*/environ
section paths
while [ "$paths" -gt 0 ]; do
  if [ -e "$1" ] || [ -L "$1" ]; then printf '%s\\n' "$1"; fi
  shift; paths=$((paths - 1))
done
section left
while [ "$removals" -gt 0 ]; do
  rm -f -- "$1"
  if [ -e "$1" ]; then printf '%s\\n' "$1"; fi
  shift; removals=$((removals - 1))
done
section directories; stat -L -c '%d:%i %n' -- "$@"
section end`;

/**
 * Looks around in a container, in one round trip and without a trace in it.
 *
 * @throws IsolationError `CANNOT_LOOK` where the container has no `/bin/sh`, or keeps a file that must go
 */
export async function probeInside(subject: ContainerProbe, request: ProbeRequest): Promise<ProbeResult> {
  const marker = randomBytes(12).toString('hex');
  const { paths, directories, thenRemove } = request;
  const counts = [String(paths.length), String(thenRemove.length)];
  const printed = await runProbeScript(subject, probeScript, [
    marker,
    ...counts,
    ...paths,
    ...thenRemove,
    ...directories,
  ]);
  const sections = splitSections(printed, marker);
  if (!sections.has('end'))
    throw new IsolationError('CANNOT_LOOK', `Looking around in ${subject.name} broke off.`);
  const text = (name: string): string => sections.get(name) ?? '';
  const left = text('left').trim();
  if (left !== '')
    throw new IsolationError('CANNOT_LOOK', `A file of belljar's own could not be removed: ${left}`);
  const namespaces = parseNamespaces(text('namespaces'));
  const mounts = parseMountTable(text('mounts'));
  const identities = parseIdentities(text('directories'));
  return {
    namespaces: namespaces.size > 0 ? namespaces : undefined,
    mounts: mounts.length > 0 ? mounts : undefined,
    // Each of these files has at least a heading, and there is always a process: the look.
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
 * Runs a script of belljar's own as the container's root, and gives what it printed.
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
      `The container can't be looked at from inside, which takes /bin/sh in it: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function splitSections(printed: string, marker: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of printed.split(`\n${marker} `).slice(1)) {
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
