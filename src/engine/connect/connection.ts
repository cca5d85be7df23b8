import { discoverEngine, reachEngine } from './discover';
import type { EngineEndpoint } from './endpoint';
import { processEnvironment } from './environment';
import { EngineError } from '../errors';
import type { EngineConnection } from './probe';
import { testcontainersHost } from './settings';

export interface ConnectOptions {
  /** How long the engine may take to answer the first request, in milliseconds. Default 5000. */
  timeout?: number;
}

/** The search under way or done. A failure clears it, so that belljar finds an engine that is started later. */
let connection: Promise<EngineConnection> | undefined;

/** The endpoint that was passed to {@link useEngine}. */
let chosen: EngineEndpoint | undefined;

/** The variables as they were before belljar set them; undefined while belljar has not set them. */
let before: Environment | undefined;

/**
 * Returns a connection to this process's engine. belljar finds the engine once; every caller and testcontainers use it.
 *
 * @throws EngineError `ENGINE_NOT_FOUND` if no engine answers; the message lists what belljar tried and why it failed.
 * `ENGINE_ACCESS_DENIED` if this user may not open the engine's socket; the message says what opens it.
 * `ENGINE_HOST_INVALID`, `ENGINE_UNREACHABLE` and `ENGINE_NOT_AN_ENGINE` if a setting names an engine that can't be
 * used. `ENGINE_TOO_OLD` if the engine is older than 20.10
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
 * Makes this process and its child processes use the engine at `endpoint` from now on, whatever the settings say.
 * Connections that are open already stay with their engine. So does testcontainers once it has used an engine, so call
 * this before the first container starts.
 *
 * @throws EngineError `ENGINE_SETTINGS_CONFLICT` if `~/.testcontainers.properties` has a `tc.host`, which
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

/** Undoes {@link useEngine}, and makes the next {@link connectEngine} search again. Called when an engine stops. */
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

/** The engine that testcontainers uses by itself if `DOCKER_HOST` is not set. */
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
 * environment. Otherwise they would search by their own rules: testcontainers does not know docker contexts or Podman's
 * sockets. belljar would then clean up in another engine than the one that testcontainers uses.
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
