import { homedir } from 'node:os';
import { join } from 'node:path';

/** Everything outside this process's code that decides which engine belljar finds. */
export interface EngineEnvironment {
  env: NodeJS.ProcessEnv;
  /** The home directory, for `~/.docker` and `~/.testcontainers.properties`. */
  home: string;
  /** The addresses to try in this order if no setting names an engine. */
  usual: readonly string[];
  /** How long an engine may take to answer the first request, in milliseconds. */
  timeout: number;
}

/** The default of `timeout`, in milliseconds. */
const defaultTimeout = 5000;

/** Returns the environment of this process. */
export function processEnvironment(options: { timeout?: number } = {}): EngineEnvironment {
  const { env } = process;
  const home = homedir();
  return { env, home, usual: usualHosts(env, home), timeout: options.timeout ?? defaultTimeout };
}

/**
 * Returns the addresses at which engines listen by default: Docker's system-wide socket, the rootless ones, Docker
 * Desktop's, then Podman's. Docker's sockets are in testcontainers' order.
 *
 * @param env `XDG_RUNTIME_DIR` is read
 */
export function usualHosts(
  env: NodeJS.ProcessEnv,
  home: string,
  { platform, userId }: { platform?: NodeJS.Platform; userId?: number } = {},
): string[] {
  if ((platform ?? process.platform) === 'win32') return ['npipe:////./pipe/docker_engine'];
  const runtime = env.XDG_RUNTIME_DIR;
  const own = `/run/user/${userId ?? process.getuid?.() ?? 0}`;
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(own, 'docker.sock'),
    ...(runtime ? [join(runtime, 'podman/podman.sock')] : []),
    join(own, 'podman/podman.sock'),
    '/run/podman/podman.sock',
  ];
  return [...new Set(sockets)].map((path) => `unix://${path}`);
}
