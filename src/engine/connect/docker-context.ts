import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../support/errors';
import type { EngineEndpoint } from './endpoint';
import { EngineError } from '../errors';

/** The name of the docker context to use, and the setting that chose it. */
export interface ChosenContext {
  name: string;
  chosenBy: string;
}

/** The name that means no context: the engine is that of `DOCKER_HOST` or of the usual socket. */
const noContext = 'default';

/**
 * Returns the docker context that `DOCKER_CONTEXT` chooses, else the one that the client's `config.json` chooses. If
 * none is chosen, returns the reason as a string.
 *
 * Source: `docker context --help`; the order is that of resolveContextName in docker/cli.
 *
 * @param directory the client's configuration directory: `DOCKER_CONFIG`, else `~/.docker`
 */
export function chosenContext(directory: string, env: NodeJS.ProcessEnv): ChosenContext | string {
  const fromEnvironment = env.DOCKER_CONTEXT;
  if (fromEnvironment) {
    return fromEnvironment === noContext
      ? `DOCKER_CONTEXT is "${noContext}"`
      : { name: fromEnvironment, chosenBy: 'DOCKER_CONTEXT' };
  }
  const file = join(directory, 'config.json');
  try {
    const name = textField(JSON.parse(readFileSync(file, 'utf8')), 'currentContext');
    return name && name !== noContext ? { name, chosenBy: file } : `none is chosen in ${file}`;
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? `none is chosen: no ${file}`
      : `can't read ${file}: ${messageOf(error)}`;
  }
}

/**
 * Returns the endpoint of a context's engine.
 *
 * @throws EngineError `ENGINE_HOST_INVALID` if there is no such context, or its file is broken
 */
export function readContext(directory: string, { name, chosenBy }: ChosenContext): EngineEndpoint {
  const source = `the docker context "${name}"`;
  const id = createHash('sha256').update(name).digest('hex');
  const tlsDirectory = join(directory, 'contexts', 'tls', id, 'docker');
  return {
    host: contextHost(
      join(directory, 'contexts', 'meta', id, 'meta.json'),
      `${source} (chosen by ${chosenBy})`,
    ),
    source,
    ...(existsSync(tlsDirectory) ? { tls: { directory: tlsDirectory } } : {}),
  };
}

function contextHost(file: string, source: string): string {
  const invalid = (why: string, cause?: unknown): EngineError =>
    new EngineError(
      'ENGINE_HOST_INVALID',
      `${source} ${why}. "docker context ls" lists the contexts, "docker context use" chooses one.`,
      { cause },
    );
  let host: string | undefined;
  try {
    const endpoints = field(JSON.parse(readFileSync(file, 'utf8')), 'Endpoints');
    host = textField(field(endpoints, 'docker'), 'Host');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw invalid('does not exist', error);
    throw invalid(`can't be read (${file}: ${messageOf(error)})`, error);
  }
  if (!host) throw invalid(`names no engine (${file} has no Endpoints.docker.Host)`);
  return host;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === 'string' ? found : undefined;
}
