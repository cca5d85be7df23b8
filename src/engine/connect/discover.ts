import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { socketPathOf, type EngineEndpoint } from './endpoint';
import type { EngineEnvironment } from './environment';
import { EngineError } from '../errors';
import { failureError, probeEndpoint, type EngineConnection } from './probe';
import { noSocket, type ProbeFailure } from './probe-failure';
import { namedEndpoint, type LookedAt } from './settings';

/**
 * Finds the engine: the one that the user's settings name (`DOCKER_HOST`, `~/.testcontainers.properties`, the docker
 * context), else the first of the usual sockets that answers.
 *
 * A setting is binding: if its engine doesn't answer, that is an error, and belljar does not try another engine.
 *
 * @throws EngineError `ENGINE_NOT_FOUND` if no setting names an engine and no usual socket answers;
 * `ENGINE_ACCESS_DENIED` if this user may not open the socket of an engine;
 * `ENGINE_HOST_INVALID`, `ENGINE_UNREACHABLE`, `ENGINE_NOT_AN_ENGINE` for an engine that a setting names;
 * `ENGINE_TOO_OLD` for either
 */
export async function discoverEngine(environment: EngineEnvironment): Promise<EngineConnection> {
  const looked: LookedAt[] = [];
  const named = namedEndpoint(environment, looked);
  if (named !== undefined) return reachEngine(named, environment.timeout);

  const failures: ProbeFailure[] = [];
  for (const host of environment.usual) {
    const endpoint = { host, source: 'the usual socket' };
    const probed = await probeEndpoint(endpoint, environment.timeout);
    if ('docker' in probed) return probed;
    // The engine answers, so it is the machine's engine. Silently using another one that happens to run would surprise.
    if (probed.code === 'ENGINE_TOO_OLD') throw failureError(endpoint, probed);
    failures.push(probed);
    looked.push({ where: host, found: probed.problem });
  }
  throw notFound(environment, looked, failures);
}

/**
 * Connects to the engine at one endpoint.
 *
 * @param timeout how long the engine's first answer may take, in milliseconds
 * @throws EngineError `ENGINE_HOST_INVALID`, `ENGINE_UNREACHABLE`, `ENGINE_ACCESS_DENIED`, `ENGINE_NOT_AN_ENGINE`,
 * `ENGINE_TOO_OLD`
 */
export async function reachEngine(endpoint: EngineEndpoint, timeout: number): Promise<EngineConnection> {
  const probed = await probeEndpoint(endpoint, timeout);
  if ('docker' in probed) return probed;
  throw failureError(endpoint, probed);
}

function notFound(environment: EngineEnvironment, looked: LookedAt[], failures: ProbeFailure[]): EngineError {
  const width = Math.max(...looked.map(({ where }) => where.length));
  const denied = failures.findIndex(({ code }) => code === 'ENGINE_ACCESS_DENIED');
  const message = [
    denied === -1
      ? 'No container engine answers.'
      : `There is a container engine at ${environment.usual[denied] ?? ''}, but this user may not open its socket.`,
    '',
    'belljar tried:',
    ...looked.map(({ where, found }) => `  ${where.padEnd(width)}  ${found}`),
    '',
    'What to do:',
    ...advice(environment, failures).map((line) => `  - ${line.replaceAll('\n', '\n    ')}`),
  ].join('\n');
  return new EngineError(denied === -1 ? 'ENGINE_NOT_FOUND' : 'ENGINE_ACCESS_DENIED', message, {
    cause: new AggregateError(failures.map(({ cause }) => cause)),
  });
}

/** Returns the advice that fits this machine, the likeliest first. */
function advice({ env, usual }: EngineEnvironment, failures: ProbeFailure[]): string[] {
  const repairs = failures
    .map((failure, index) => ({ ...failure, path: socketPathOf(usual[index] ?? '') }))
    .filter(({ problem }) => problem !== noSocket)
    .map((failure) => `${failure.path}: ${failure.advice}`);
  const isRunning = failures.some(({ code }) => code === 'ENGINE_ACCESS_DENIED');
  return [...repairs, ...(isRunning ? [] : howToStart(env)), howToName];
}

function howToStart(env: NodeJS.ProcessEnv): string[] {
  const dockerd = findProgram('dockerd', env);
  const podman = findProgram('podman', env);
  const found = [
    ...(dockerd === undefined ? [] : [`${dockerd} is installed: ${howToStartDocker}`]),
    ...(podman === undefined ? [] : [`${podman} is installed: ${howToStartPodman}`]),
  ];
  return found.length > 0 ? found : [howToInstall];
}

const howToStartDocker = [
  'start it with "sudo systemctl start docker" or "sudo service docker start".',
  'As root, belljar can start a private engine: engine.startPrivate().',
].join('\n');

const howToStartPodman = 'start its service with "systemctl --user start podman.socket".';

const howToName = [
  'If an engine listens elsewhere, name it with DOCKER_HOST: export DOCKER_HOST=unix:///path/to/docker.sock',
  'or tcp://host:2375, or with "docker context use NAME".',
].join('\n');

const howToInstall = [
  'Install an engine. Debian, Ubuntu: sudo apt-get install docker.io   Fedora: sudo dnf install moby-engine',
  'macOS, Windows: Docker Desktop, Colima, Rancher Desktop or Podman Desktop.',
].join('\n');

function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
