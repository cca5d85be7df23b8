import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aboutProcess, processNumbers } from '../machine/processes';
import type { LooseContainer } from './loose-container';

/** The traces of canaries, in a container and on this machine. */
export interface Traces {
  /** Paths in the container's writable layer that differ from its image. */
  changes: string[];
  /** Canaries in the container's memory. */
  inside: string;
  /** Canaries among this machine's files that no process will remove. */
  files: string[];
  /** Canaries among this machine's processes that this process started. */
  processes: string[];
}

export async function traces(container: LooseContainer): Promise<Traces> {
  const changes = await changesOf(container);
  const { stdout: inside } = await container.run('/bin/sh', [
    '-c',
    'ls /dev /dev/shm | grep belljar-canary || true',
  ]);
  return {
    changes,
    inside,
    files: withoutHolder([...(await canariesIn(tmpdir())), ...(await canariesIn('/dev/shm'))]),
    processes: await canaryProcesses(),
  };
}

/** If there are no changes, dockerode returns the engine's bare `null` as bytes. */
async function changesOf({ docker }: LooseContainer): Promise<string[]> {
  const answer: unknown = await docker.changes();
  const changes = Buffer.isBuffer(answer) ? (JSON.parse(answer.toString()) as unknown) : answer;
  // Podman lists the directory of the files that it makes itself, such as /etc/hosts.
  return ((changes ?? []) as { Path: string }[]).map(({ Path }) => Path).filter((path) => path !== '/etc');
}

async function canariesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('belljar-canary'));
  return names.map((name) => join(directory, name));
}

/** Leaves out the canaries of another Jest worker's specs, each of which has a process that removes it. */
function withoutHolder(paths: string[]): string[] {
  const running = processNumbers().map(commandLineOf).join('\n');
  return paths.filter((path) => !running.includes(path) && existsSync(path));
}

async function canaryProcesses(): Promise<string[]> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  const lines = children
    .split(' ')
    .filter((pid) => pid !== '')
    .map(commandLineOf);
  return lines.filter((line) => line.includes('belljar-canary'));
}

const commandLineOf = (pid: string): string => aboutProcess(pid, 'cmdline');
