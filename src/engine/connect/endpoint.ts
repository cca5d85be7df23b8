import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { messageOf } from '../../support/errors';
import { EngineError } from '../errors';

/** Where an engine listens, and how belljar came to know it. */
export interface EngineEndpoint {
  /** As `DOCKER_HOST` has it: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
  host: string;
  /** What named it, for people: `DOCKER_HOST`, `the docker context "colima"`, `the usual socket`. */
  source: string;
  /** How to prove who is who, where the engine asks for it. */
  tls?: EngineTls;
  /** The address at which published ports are reached; testcontainers finds one itself unless given. */
  portsAt?: string;
}

/** TLS towards an engine. */
export interface EngineTls {
  /** A directory with `ca.pem`, `cert.pem` and `key.pem`, as `DOCKER_CERT_PATH` has it. */
  directory: string;
}

/** The path of a `unix://` or `npipe://` endpoint, or undefined for one on the network. */
export function socketPathOf(host: string): string | undefined {
  return /^(?:unix|npipe):\/\/(.*)$/s.exec(host)?.[1];
}

/**
 * What dockerode needs to know to talk to an endpoint. `host` and `port` are given even where there are none, because
 * dockerode fills what is missing from `DOCKER_HOST`.
 *
 * @throws EngineError `ENGINE_HOST_INVALID` for no address at all, or one of a kind that can't be used
 */
export function clientOptions(endpoint: EngineEndpoint): DockerOptions {
  const none = { host: undefined, port: undefined };
  const socketPath = checkedHost(endpoint);
  return typeof socketPath === 'string'
    ? { ...none, protocol: 'http', socketPath }
    : { ...none, ...networkOptions(endpoint, socketPath) };
}

/** The socket's path, or the parsed URL of an endpoint on the network. */
function checkedHost({ host, source }: EngineEndpoint): string | URL {
  const invalid = (why: string): EngineError =>
    new EngineError('ENGINE_HOST_INVALID', `${source} is ${JSON.stringify(host)}: ${why}`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(host)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'unix':
      return checkedSocketPath(host, invalid);
    case 'npipe':
      return socketPathOf(host) ?? '';
    case 'tcp':
    case 'http':
    case 'https':
      if (!URL.canParse(asHttp(host))) throw invalid('this is no valid address.');
      return new URL(asHttp(host));
    case 'ssh':
      throw invalid(sshAdvice(host));
    default:
      throw invalid(
        host.startsWith('/')
          ? `a path needs its scheme: unix://${host}.`
          : 'an engine has an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375.',
      );
  }
}

/** Linux has room for 108 bytes in a socket's address, the closing zero among them (unix(7)). */
const maxSocketPathBytes = 107;

function checkedSocketPath(host: string, invalid: (why: string) => EngineError): string {
  const path = socketPathOf(host) ?? '';
  if (!path.startsWith('/')) throw invalid('the path of a socket is absolute: unix:///var/run/docker.sock.');
  if (Buffer.byteLength(path) > maxSocketPathBytes) {
    throw invalid(
      `the path of a socket has at most ${maxSocketPathBytes} bytes; a symbolic link can shorten it.`,
    );
  }
  return path;
}

/** `tcp:` is no scheme that URL knows the parts of. */
function asHttp(host: string): string {
  return host.replace(/^tcp:/i, 'http:');
}

function sshAdvice(host: string): string {
  const target = host.slice('ssh://'.length) || 'user@machine';
  return [
    'testcontainers, which belljar stands on, does not speak ssh. Forward the socket instead:',
    `  ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ssh://${target} &`,
    '  export DOCKER_HOST=unix:///tmp/engine.sock',
  ].join('\n');
}

function networkOptions({ tls, host }: EngineEndpoint, url: URL): DockerOptions {
  const secure = tls !== undefined || url.protocol === 'https:';
  return {
    protocol: secure ? 'https' : 'http',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: portOf(host) ?? (secure ? 2376 : 2375),
    ...(tls === undefined ? {} : certificates(tls)),
  };
}

/** The port as it is written: URL leaves out 80 and 443, which is not what Docker takes a missing port for. */
function portOf(host: string): number | undefined {
  const port = /:(\d+)\/?$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** @throws EngineError `ENGINE_HOST_INVALID` where a file is missing */
function certificates(tls: EngineTls): Pick<DockerOptions, 'ca' | 'cert' | 'key'> {
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(tls.directory, name));
    } catch (error) {
      throw new EngineError(
        'ENGINE_HOST_INVALID',
        `TLS to the engine needs ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH (${tls.directory}): ${messageOf(error)}`,
        { cause: error },
      );
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
