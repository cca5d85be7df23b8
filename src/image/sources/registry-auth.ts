import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../support/errors';
import { ImageError } from '../errors';
import type { ImageReference } from '../reference/reference';

/** What the engine is handed for a registry (Engine API, `X-Registry-Auth`). */
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
 * The credentials that `docker login` keeps for a reference's registry, looked up as testcontainers does, whose own
 * look-up is not exported: in `DOCKER_AUTH_CONFIG` or `config.json`, a helper for the registry before the common
 * store before what is written in the file.
 *
 * @returns undefined where there are none
 * @throws ImageError `CREDENTIALS_UNREADABLE`
 */
export async function registryCredentials(
  { registry, port }: ImageReference,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RegistryCredentials | undefined> {
  const config = readConfig(env);
  const key = registry === undefined ? hubKey : `${registry}${port === undefined ? '' : `:${port}`}`;
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

/** `https://example.org/v1/` is in old settings what `example.org` is in new ones. */
function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

/** Source: docker-credential-helpers' protocol: `get` reads the server from standard input and answers in JSON. */
async function askHelper(helper: string, key: string): Promise<RegistryCredentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { failure, stdout } = await runWithInput(program, ['get'], key);
  if (failure !== undefined) {
    if (/credentials not found/i.test(stdout)) return undefined;
    const message = `${program} gave no credentials for ${key}: ${stdout.trim() || failure.message}`;
    throw new ImageError('CREDENTIALS_UNREADABLE', message, { cause: failure });
  }
  const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
  if (Username === '<token>') return { identitytoken: Secret, serveraddress: key };
  return { username: Username, password: Secret, serveraddress: key };
}

interface ProgramResult {
  failure: Error | undefined;
  stdout: string;
}

/** Not execa, which is an ES module only: Jest's global set-up comes here, and can't load those. */
function runWithInput(program: string, args: string[], input: string): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: process.env, timeout: 30_000 }, (error, stdout) => {
      resolve({ failure: error ?? undefined, stdout });
    });
    // A helper that is missing, or ends before it has read, is an error that the callback gets.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(input);
  });
}
