import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../src/engine/private/machine/system';
import { poll } from '../../src/support/poll';
import { install } from '../machine/install';
import { setUp } from '../machine/set-up';
import { startMode, type Mode, type Steps } from './mode';

/** Debian's Podman with what it needs for networks of containers; nothing of it is started. */
const packages = ['podman', 'runc', 'netavark', 'aardvark-dns'];

/** Podman's API in place of Docker's, with images, containers and settings of its own. */
export const podman: Mode = {
  about: 'root, with Podman as the engine',
  start: (say) =>
    startMode(async (steps) => {
      if (findProgram('podman') === undefined) await install(packages, say);
      say('starting Podman');
      const directory = mkdtempSync(join(tmpdir(), 'belljar-podman-'));
      steps.finally(() => rm(directory, { recursive: true, force: true }));
      const host = `unix://${await startService(directory, steps)}`;
      process.env.DOCKER_HOST = host;
      const machine = await setUp();
      steps.finally(() => machine.tearDown());
      return { prefix: [], cwd: process.cwd(), env: { DOCKER_HOST: host } };
    }),
};

/** Starts `podman system service` (podman-system-service(1)). Returns the path of its socket. */
async function startService(directory: string, steps: Steps): Promise<string> {
  const storage = join(directory, 'storage');
  const settings = [
    `--root=${storage}`,
    `--runroot=${directory}/run`,
    `--network-config-dir=${directory}/networks`,
  ];
  const env = { CONTAINERS_CONF: await writeSettings(directory) };
  const socket = join(directory, 'podman.sock');
  // Podman mounts its storage upon itself.
  steps.finally(async () => {
    await execa('umount', [join(storage, 'overlay')], { reject: false });
  });
  const service = spawn('podman', [...settings, 'system', 'service', '--time=0', `unix://${socket}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
    // In its own session, a Ctrl-C at the terminal does not reach it before the command has cleaned up.
    detached: true,
  });
  const ended = once(service, 'exit');
  steps.finally(async () => {
    service.kill('SIGTERM');
    await ended;
  });
  // Containers are no children of the service, and would outlive it.
  steps.finally(async () => {
    await execa('podman', [...settings, 'rm', '--all', '--force', '--time=0'], { stdin: 'ignore', env });
  });
  const isReady = (): boolean => {
    if (service.exitCode !== null) throw new Error(`podman ended with ${service.exitCode}.`);
    return existsSync(socket);
  };
  await poll(isReady, { for: 'the socket of Podman', timeout: 30_000 });
  return socket;
}

/** Writes settings of its own (containers.conf(5)). Returns the file's path. */
async function writeSettings(directory: string): Promise<string> {
  const path = join(directory, 'containers.conf');
  const lines = [
    '[containers]',
    // By default Podman asks for more than a user may grant who lacks CAP_SYS_RESOURCE.
    'default_ulimits = ["nofile=8192:8192", "nproc=8192:8192"]',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    // crun refuses machines with both versions of cgroup.
    'runtime = "runc"',
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
