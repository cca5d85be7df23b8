import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { socketPathOf, type EngineEndpoint } from './connect/endpoint';

/** The engine's machine, as the engine reports it. */
export interface EngineMachine {
  name: string;
  kernel: string;
}

/**
 * Returns whether the engine is a process of this machine that belljar can see. The engine must have this machine's
 * host name and kernel, and an engine's process in `/proc` must listen on its socket. The host name and kernel alone
 * are also those of a cloned virtual machine. The process alone may be a local engine's, while a remote one's socket is
 * forwarded.
 */
export function isLocalEngine(endpoint: EngineEndpoint, machine: EngineMachine): boolean {
  const path = socketPathOf(endpoint.host);
  if (process.platform !== 'linux' || path === undefined) return false;
  if (machine.name !== hostname() || machine.kernel !== release()) return false;
  return engineProcesses().some((pid) => listensOn(pid, path));
}

/** The process names of engines. systemd is among them, because it may hold the socket for the engine. */
const engineNames = new Set(['dockerd', 'podman', 'systemd']);

function engineProcesses(): string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && engineNames.has(nameOf(entry)));
}

function nameOf(pid: string): string {
  return readIfThere(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.trim() ?? '';
}

/** Returns whether the socket is in the process's network, and among its open files if belljar may read those. */
function listensOn(pid: string, path: string): boolean {
  const inodes = listeningInodes(pid, path);
  if (inodes.length === 0) return false;
  const files = readIfThere(() => readdirSync(`/proc/${pid}/fd`));
  if (files === undefined) return true;
  return files.some((file) => {
    const target = readIfThere(() => readlinkSync(`/proc/${pid}/fd/${file}`));
    return inodes.some((inode) => target === `socket:[${inode}]`);
  });
}

/** Returns the inodes of the sockets that are bound to a path, in a process's network namespace (proc_pid_net(5)). */
function listeningInodes(pid: string, path: string): string[] {
  return (readIfThere(() => readFileSync(`/proc/${pid}/net/unix`, 'utf8')) ?? '')
    .split('\n')
    .map((line) => /^\S+: \S+ \S+ \S+ \S+ \S+ +(\d+) (\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, , bound = '']) => isSameSocket(pid, bound, path))
    .map(([, inode = '']) => inode);
}

/** Returns whether a process's `bound` is our `path`; an engine may have another root directory than belljar. */
function isSameSocket(pid: string, bound: string, path: string): boolean {
  const theirs = readIfThere(() => statSync(`/proc/${pid}/root${bound}`));
  const ours = readIfThere(() => statSync(path));
  if (theirs !== undefined && ours !== undefined) return theirs.dev === ours.dev && theirs.ino === ours.ino;
  return resolved(bound) === resolved(path);
}

/** Resolves links: `/var/run` is a link to `/run`. */
function resolved(path: string): string {
  return readIfThere(() => realpathSync(path)) ?? path;
}

/** Returns undefined if the read fails: processes come and go, and belljar may not read some of them. */
function readIfThere<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
