import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { socketPathOf, type EngineEndpoint } from './connect/endpoint';
import { statSocket } from './socket-file';

/** What the engine says of its machine. */
export interface EngineMachine {
  name: string;
  kernel: string;
}

/**
 * Whether the engine is a process of this machine that we see: it has our host name and kernel, and a process in our
 * `/proc` that is an engine's listens on its socket. The first two alone would take a virtual machine's copy for the
 * original; the process alone would take a local engine for the remote one whose socket is forwarded here.
 */
export function isLocalEngine(endpoint: EngineEndpoint, machine: EngineMachine): boolean {
  const path = socketPathOf(endpoint.host);
  if (process.platform !== 'linux' || path === undefined) return false;
  if (machine.name !== hostname() || machine.kernel !== release()) return false;
  return engineProcesses().some((pid) => listensOn(pid, path));
}

/** The names that engines run under. systemd is one of them, because it may hold the socket for the engine. */
const engineNames = new Set(['dockerd', 'podman', 'systemd']);

function engineProcesses(): string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && engineNames.has(nameOf(entry)));
}

function nameOf(pid: string): string {
  return readIfThere(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.trim() ?? '';
}

/** Whether the socket is in the process's network, and among its open files, as far as we may look at those. */
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

/** The inodes of the sockets that are bound to a path, in a process's network namespace (proc_pid_net(5)). */
function listeningInodes(pid: string, path: string): string[] {
  return (readIfThere(() => readFileSync(`/proc/${pid}/net/unix`, 'utf8')) ?? '')
    .split('\n')
    .map((line) => /^\S+: \S+ \S+ \S+ \S+ \S+ +(\d+) (\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, , bound = '']) => isSameSocket(pid, bound, path))
    .map(([, inode = '']) => inode);
}

/** Whether what a process calls `bound` is our `path`; an engine may have another root directory than we. */
function isSameSocket(pid: string, bound: string, path: string): boolean {
  const theirs = readIfThere(() => statSocket(`/proc/${pid}/root${bound}`));
  const ours = readIfThere(() => statSocket(path));
  if (theirs !== undefined && ours !== undefined) return theirs.dev === ours.dev && theirs.ino === ours.ino;
  return resolved(bound) === resolved(path);
}

/** `/var/run` is a link to `/run`. */
function resolved(path: string): string {
  return readIfThere(() => realpathSync(path)) ?? path;
}

/** Processes come and go, and some are not ours to look at. */
function readIfThere<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
