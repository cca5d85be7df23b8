import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../support/errors';
import { ImageError } from '../errors';
import type { ImageReference } from '../reference/reference';

/** The credentials for a registry, as the engine gets them (Engine API, `X-Registry-Auth`). */
export interface RegistryCredentials {
  username?: string;
  password?: string;
  identitytoken?: string;
  serveraddress: string;
}

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>;
  credsStore?: string;
  credHelpers?: Record<string, string>;
}

/** Docker Hub's key in Docker's settings. */
const hubKey = 'https://index.docker.io/v1/';

/**
 * Returns the credentials that `docker login` keeps for a reference's registry, from `DOCKER_AUTH_CONFIG` or
 * `config.json`. The order is: the registry's credential helper, the common credential store, the credentials in the
 * file. This is testcontainers' order, but testcontainers does not export its look-up.
 *
 * @returns undefined if there are none
 * @throws ImageError `CREDENTIALS_UNREADABLE`
 */
export async function registryCredentials(
  { registry, port }: ImageReference,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RegistryCredentials | undefined> {
  const key = registry === undefined ? hubKey : `${registry}${port === undefined ? '' : `:${port}`}`;
  return credentialsOf(readConfig(env), key);
}

/** The credentials of every registry that Docker's settings name, and why some could not be read. */
export interface AllCredentials {
  byServer: Record<string, RegistryCredentials>;
  problems: string[];
}

/**
 * Returns the credentials of all registries, as Docker's client sends them with a build: a Dockerfile may name any
 * registry. Credentials that can't be read are left out, because most base images need none.
 */
export async function allCredentials(env: NodeJS.ProcessEnv = process.env): Promise<AllCredentials> {
  const byServer: AllCredentials['byServer'] = {};
  const problems: string[] = [];
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      problems.push(messageOf(error));
    }
  };
  await attempt(async () => {
    const config = readConfig(env);
    const servers = new Set([...Object.keys(config.auths ?? {}), ...Object.keys(config.credHelpers ?? {})]);
    const { credsStore } = config;
    if (credsStore !== undefined)
      await attempt(async () => {
        for (const server of await listHelper(credsStore)) servers.add(server);
      });
    for (const server of servers)
      await attempt(async () => {
        const found = await credentialsOf(config, server);
        if (found !== undefined) byServer[server] = found;
      });
  });
  return { byServer, problems: [...new Set(problems)] };
}

async function credentialsOf(config: DockerConfig, key: string): Promise<RegistryCredentials | undefined> {
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  return (helper === undefined ? undefined : await askHelper(helper, key)) ?? writtenCredentials(config, key);
}

function readConfig(env: NodeJS.ProcessEnv): DockerConfig {
  const file = join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker'), 'config.json');
  const inline = env.DOCKER_AUTH_CONFIG === '' ? undefined : env.DOCKER_AUTH_CONFIG;
  if (inline === undefined && !existsSync(file)) return {};
  try {
    return JSON.parse(inline ?? readFileSync(file, 'utf8')) as DockerConfig;
  } catch (cause) {
    const where = inline !== undefined ? 'DOCKER_AUTH_CONFIG' : file;
    throw new ImageError(
      'CREDENTIALS_UNREADABLE',
      `${where} can't be read as Docker's settings: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

function writtenCredentials({ auths = {} }: DockerConfig, key: string): RegistryCredentials | undefined {
  const found = Object.entries(auths).find(([address]) => address === key || hostOf(address) === key)?.[1];
  if (found === undefined) return undefined;
  const [username = '', ...password] = Buffer.from(found.auth ?? '', 'base64')
    .toString()
    .split(':');
  const written = found.auth === undefined ? found : { username, password: password.join(':') };
  if (!written.username && !found.identitytoken) return undefined;
  return {
    username: written.username,
    password: written.password,
    ...(found.identitytoken === undefined ? {} : { identitytoken: found.identitytoken }),
    serveraddress: key,
  };
}

/** Returns the host of an address: old settings have `https://example.org/v1/`, new ones `example.org`. */
function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

/** Source: docker-credential-helpers' protocol: `get` reads the server from standard input and answers in JSON. */
async function askHelper(helper: string, key: string): Promise<RegistryCredentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { failure, stdout } = await runWithInput(program, ['get'], key);
  if (failure !== undefined) {
    if (/credentials not found/i.test(stdout)) return undefined;
    const message = `${program} did not return credentials for ${key}: ${stdout.trim() || failure.message}`;
    throw new ImageError('CREDENTIALS_UNREADABLE', message, { cause: failure });
  }
  const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
  if (Username === '<token>') return { identitytoken: Secret, serveraddress: key };
  return { username: Username, password: Secret, serveraddress: key };
}

/** Source: as above: `list` answers with a JSON object whose names are servers. */
async function listHelper(helper: string): Promise<string[]> {
  const program = `docker-credential-${helper}`;
  const { failure, stdout } = await runWithInput(program, ['list'], '');
  if (failure !== undefined) {
    const message = `${program} did not list its credentials: ${stdout.trim() || failure.message}`;
    throw new ImageError('CREDENTIALS_UNREADABLE', message, { cause: failure });
  }
  return Object.keys(JSON.parse(stdout) as object);
}

interface ProgramResult {
  failure: Error | undefined;
  stdout: string;
}

/** Does not use execa, which is an ES module: Jest's global set-up runs this code and can't load ES modules. */
function runWithInput(program: string, args: string[], input: string): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: process.env, timeout: 30_000 }, (error, stdout) => {
      resolve({ failure: error ?? undefined, stdout });
    });
    // If the helper is missing or ends early, the callback gets the error.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(input);
  });
}
