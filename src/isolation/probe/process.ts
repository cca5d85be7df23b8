import { readFile, readdir, readlink } from 'node:fs/promises';
import { codeOf } from '../../support/errors';
import type { InspectResult } from '../subject';

/** The kinds of namespace that are compared, by their names under `/proc/<pid>/ns`. */
export const namespaceKinds = ['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup'] as const;

export type NamespaceKind = (typeof namespaceKinds)[number];

/** The identity of each namespace of a process: the number in a link such as `net:[4026531833]`. */
export type Namespaces = ReadonlyMap<NamespaceKind, string>;

/**
 * The container's process 1 as this machine numbers it, or why this machine doesn't have it: then the engine runs on
 * another machine or in a virtual one, or the spec itself runs in a container.
 */
export async function findOnThisMachine({ Id, State }: InspectResult): Promise<number | string> {
  const elsewhere = `process ${State.Pid} of this machine is not the container's`;
  try {
    const groups = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8');
    if (groups.includes(Id)) return State.Pid;
    return (await readFile(`/proc/${State.Pid}/mountinfo`, 'utf8')).includes(Id) ? State.Pid : elsewhere;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR'].includes(codeOf(error) ?? '')) return elsewhere;
    throw error;
  }
}

/**
 * The namespaces of a process of this machine, or undefined where they may not be read: the kernel shows them to those
 * who could debug the process (ptrace(2), "Ptrace access mode checking").
 */
export async function readNamespaces(pid: number | 'self'): Promise<Namespaces | undefined> {
  const directory = `/proc/${pid}/ns`;
  return whereAllowed(async () => {
    const names = await readdir(directory);
    const links = await Promise.all(names.map((name) => readlink(`${directory}/${name}`)));
    return parseNamespaces(links.map((link, index) => `${names[index] ?? ''} -> ${link}`).join('\n'));
  });
}

/** The namespaces in lines such as `net -> net:[4026531833]`, as `ls -l /proc/self/ns` prints them. */
export function parseNamespaces(listing: string): Namespaces {
  const found = new Map<NamespaceKind, string>();
  for (const kind of namespaceKinds) {
    const id = new RegExp(`\\b${kind} -> ${kind}:\\[(\\d+)\\]`).exec(listing)?.[1];
    if (id !== undefined) found.set(kind, id);
  }
  return found;
}

/** A field of `/proc/<pid>/status`, or undefined where this kernel has none. */
export function statusField(status: string, field: string): string | undefined {
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1];
}

/** What `read` gives, or undefined where this process has no right to it. */
export async function whereAllowed<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') return undefined;
    throw error;
  }
}
