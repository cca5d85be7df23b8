import { readFile, readdir, readlink } from 'node:fs/promises';
import { codeOf } from '../../support/errors';
import type { InspectResult } from '../subject';

/** The kinds of namespaces that belljar compares, by their names in `/proc/<pid>/ns`. */
export const namespaceKinds = ['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup'] as const;

export type NamespaceKind = (typeof namespaceKinds)[number];

/** The identity of each namespace of a process: the number in a link such as `net:[4026531833]`. */
export type Namespaces = ReadonlyMap<NamespaceKind, string>;

/**
 * Returns this machine's number of the container's process 1, or says that this machine doesn't have the process. Then
 * the engine runs on another machine or in a virtual machine, or the test itself runs in a container.
 */
export async function findOnThisMachine({ Id, State }: InspectResult): Promise<number | string> {
  const absence = `process ${State.Pid} of this machine is not the container's`;
  try {
    const groups = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8');
    if (groups.includes(Id)) return State.Pid;
    return (await readFile(`/proc/${State.Pid}/mountinfo`, 'utf8')).includes(Id) ? State.Pid : absence;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR'].includes(codeOf(error) ?? '')) return absence;
    throw error;
  }
}

/**
 * Returns the namespaces of a process of this machine, or undefined if this user may not read them. The kernel shows
 * them only to users who may debug the process (ptrace(2), "Ptrace access mode checking").
 */
export async function readNamespaces(pid: number | 'self'): Promise<Namespaces | undefined> {
  const directory = `/proc/${pid}/ns`;
  return ifPermitted(async () => {
    const names = await readdir(directory);
    const links = await Promise.all(names.map((name) => readlink(`${directory}/${name}`)));
    return parseNamespaces(links.map((link, index) => `${names[index] ?? ''} -> ${link}`).join('\n'));
  });
}

/** Parses lines such as `net -> net:[4026531833]`, as `ls -l /proc/self/ns` prints them. */
export function parseNamespaces(listing: string): Namespaces {
  const found = new Map<NamespaceKind, string>();
  for (const kind of namespaceKinds) {
    const id = new RegExp(`\\b${kind} -> ${kind}:\\[(\\d+)\\]`).exec(listing)?.[1];
    if (id !== undefined) found.set(kind, id);
  }
  return found;
}

/** Returns a field of `/proc/<pid>/status`, or undefined if this kernel has no such field. */
export function statusField(status: string, field: string): string | undefined {
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1];
}

/** Returns what `read` returns, or undefined if this process lacks the permission. */
export async function ifPermitted<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') return undefined;
    throw error;
  }
}
