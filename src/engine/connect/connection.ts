import { discoverEngine, reachEngine } from './discover';
import type { EngineEndpoint } from './endpoint';
import { processEnvironment } from './environment';
import { EngineError } from '../errors';
import type { EngineConnection } from './probe';
import { testcontainersHost } from './settings';

export interface ConnectOptions {
  /** How long the engine may take to its first answer, in milliseconds. Default 5000. */
  timeout?: number;
}

/** The search under way or done; none after a failure, so that an engine started meanwhile is found. */
let connection: Promise<EngineConnection> | undefined;

/** What {@link useEngine} was given. */
let chosen: EngineEndpoint | undefined;

/** What the environment said before belljar wrote it, while it says what belljar wrote. */
let before: Environment | undefined;

/**
 * The engine of this process: found once, then the same for every caller, and for testcontainers.
 *
 * @throws EngineError `ENGINE_NOT_FOUND` where none answers, listing everything that was looked at and why it failed;
 * `ENGINE_HOST_INVALID`, `ENGINE_UNREACHABLE` and `ENGINE_NOT_AN_ENGINE` where a setting names one that can't be used;
 * `ENGINE_TOO_OLD` for one older than 20.10
 */
export async function connectEngine(options: ConnectOptions = {}): Promise<EngineConnection> {
  connection ??= connect(options);
  const current = connection;
  try {
    return await current;
  } catch (error) {
    if (connection === current) connection = undefined;
    throw error;
  }
}

/**
 * Makes this process and those that it starts use the engine at `endpoint` from now on, whatever the settings say.
 * Connections that are open already stay with their engine; so does testcontainers once it has used one, which is why
 * this comes before the first container.
 *
 * @throws EngineError `ENGINE_SETTINGS_CONFLICT` where `~/.testcontainers.properties` has a `tc.host`, which
 * testcontainers obeys before anything else
 */
export function useEngine(endpoint: EngineEndpoint, environment = processEnvironment()): void {
  const forced = testcontainersHost(environment);
  if (forced !== undefined && forced.host !== endpoint.host) {
    throw new EngineError(
      'ENGINE_SETTINGS_CONFLICT',
      `Can't use the engine at ${endpoint.host}: tc.host in ${forced.file} makes testcontainers use ${forced.host}. Remove that line.`,
    );
  }
  forgetEngine();
  chosen = endpoint;
  announce(endpoint);
}

/** Undoes {@link useEngine}, and makes the next {@link connectEngine} search again: for when an engine stops. */
export function forgetEngine(): void {
  connection = undefined;
  chosen = undefined;
  if (before !== undefined) writeEnvironment(before);
  before = undefined;
}

async function connect({ timeout }: ConnectOptions): Promise<EngineConnection> {
  const environment = processEnvironment({ timeout });
  if (chosen !== undefined) return reachEngine(chosen, environment.timeout);
  const found = await discoverEngine(environment);
  if (found.endpoint.host !== testcontainersDefault) announce(found.endpoint);
  return found;
}

/** What testcontainers uses by itself where `DOCKER_HOST` is not set. */
const testcontainersDefault = 'unix:///var/run/docker.sock';

const variables = [
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'TESTCONTAINERS_HOST_OVERRIDE',
] as const;

type Environment = Record<(typeof variables)[number], string | undefined>;

/**
 * Tells testcontainers and child processes (the `docker` client, Jest's workers) which engine this is, through the
 * environment. Without it they would search by rules of their own, and belljar would clean up in one engine what
 * testcontainers starts in another: it knows no docker contexts, nor Podman's sockets.
 */
function announce({ host, tls, portsAt }: EngineEndpoint): void {
  before ??= readEnvironment();
  writeEnvironment({
    DOCKER_HOST: host,
    DOCKER_TLS_VERIFY: tls && '1',
    DOCKER_CERT_PATH: tls?.directory,
    TESTCONTAINERS_HOST_OVERRIDE: portsAt ?? before.TESTCONTAINERS_HOST_OVERRIDE,
  });
}

function readEnvironment(): Environment {
  return Object.fromEntries(variables.map((name) => [name, process.env[name]])) as Environment;
}

function writeEnvironment(values: Environment): void {
  for (const name of variables) {
    const value = values[name];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
