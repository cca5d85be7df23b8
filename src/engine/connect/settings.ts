import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../support/errors';
import { chosenContext, readContext } from './docker-context';
import type { EngineEndpoint } from './endpoint';
import type { EngineEnvironment } from './environment';

/** A setting or socket at which belljar looked for an engine, and what it found there. */
export interface LookedAt {
  where: string;
  found: string;
}

/**
 * Returns the engine that the user's settings name, the strongest first: `tc.host` in `~/.testcontainers.properties`,
 * `DOCKER_HOST`, `docker.host` in the same file, the docker context. The first three are in testcontainers' order, so
 * that both use one engine. testcontainers does not read docker contexts.
 *
 * @param looked gets an entry for each setting that does not name an engine
 * @throws EngineError `ENGINE_HOST_INVALID` if the chosen docker context is broken
 */
export function namedEndpoint(
  environment: EngineEnvironment,
  looked: LookedAt[],
): EngineEndpoint | undefined {
  const { env } = environment;
  const properties = readProperties(environment);

  const forTestcontainers = properties.values.get('tc.host');
  if (forTestcontainers) return { host: forTestcontainers, source: `tc.host in ${properties.file}` };

  const host = env.DOCKER_HOST;
  if (host) return withTls({ host, source: 'DOCKER_HOST' }, environment, properties.values);
  looked.push({ where: 'DOCKER_HOST', found: 'not set' });

  const fromFile = properties.values.get('docker.host');
  if (fromFile) {
    return withTls(
      { host: fromFile, source: `docker.host in ${properties.file}` },
      environment,
      properties.values,
    );
  }
  looked.push({ where: properties.file, found: properties.problem ?? 'has neither tc.host nor docker.host' });

  const directory = clientDirectory(environment);
  const context = chosenContext(directory, env);
  if (typeof context !== 'string') return readContext(directory, context);
  looked.push({ where: 'docker context', found: context });
  return undefined;
}

/** Returns the `tc.host` of testcontainers' file, which outranks `DOCKER_HOST`, and the file's path. */
export function testcontainersHost(
  environment: EngineEnvironment,
): { host: string; file: string } | undefined {
  const { file, values } = readProperties(environment);
  const host = values.get('tc.host');
  return host ? { host, file } : undefined;
}

/** Returns the directory in which the `docker` client keeps its configuration, contexts and certificates. */
function clientDirectory({ env, home }: EngineEnvironment): string {
  const chosen = env.DOCKER_CONFIG;
  if (chosen) return chosen;
  return join(home, '.docker');
}

/** Adds the TLS settings of the environment or of the file to an endpoint on the network. */
function withTls(
  endpoint: EngineEndpoint,
  environment: EngineEnvironment,
  properties: ReadonlyMap<string, string>,
): EngineEndpoint {
  const verify = environment.env.DOCKER_TLS_VERIFY ?? properties.get('docker.tls.verify');
  const directory = environment.env.DOCKER_CERT_PATH ?? properties.get('docker.cert.path');
  if (!/^(?:tcp|https):/i.test(endpoint.host)) return endpoint;
  if (directory) return { ...endpoint, tls: { directory } };
  return verify ? { ...endpoint, tls: { directory: clientDirectory(environment) } } : endpoint;
}

interface Properties {
  file: string;
  values: ReadonlyMap<string, string>;
  problem?: string;
}

function readProperties({ home }: EngineEnvironment): Properties {
  const file = join(home, '.testcontainers.properties');
  try {
    const pairs = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => /^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line))
      .filter((match) => match !== null)
      .map(([, key = '', value = '']): [string, string] => [key, value.replace(/\\([:=])/g, '$1')]);
    return { file, values: new Map(pairs) };
  } catch (error) {
    const problem = codeOf(error) === 'ENOENT' ? 'no such file' : messageOf(error);
    return { file, values: new Map(), problem };
  }
}
