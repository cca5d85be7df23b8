import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { messageOf } from '../../support/errors';
import { EngineError } from '../errors';

/** The address of an engine, and the setting that named it. */
export interface EngineEndpoint {
  /** In the form of `DOCKER_HOST`: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
  host: string;
  /**
   * The setting that named the engine, for messages: `DOCKER_HOST`, `the docker context "colima"`, `the usual socket`.
   */
  source: string;
  /** The certificates, if the engine asks for TLS. */
  tls?: EngineTls;
  /** The address at which published ports are reached. Default: testcontainers finds it. */
  portsAt?: string;
}

/** The TLS settings of a connection to an engine. */
export interface EngineTls {
  /** A directory with `ca.pem`, `cert.pem` and `key.pem`, as `DOCKER_CERT_PATH` names it. */
  directory: string;
}

/** Returns the path of a `unix://` or `npipe://` endpoint, or undefined for an endpoint on the network. */
export function socketPathOf(host: string): string | undefined {
  return /^(?:unix|npipe):\/\/(.*)$/s.exec(host)?.[1];
}

/**
 * Returns dockerode's options for an endpoint. `host` and `port` are always set, to undefined for a socket, because
 * dockerode fills in a missing one from `DOCKER_HOST`.
 *
 * @throws EngineError `ENGINE_HOST_INVALID` if the endpoint is not an address, or is of a kind that can't be used
 */
export function clientOptions(endpoint: EngineEndpoint): DockerOptions {
  const none = { host: undefined, port: undefined };
  const socketPath = checkedHost(endpoint);
  return typeof socketPath === 'string'
    ? { ...none, protocol: 'http', socketPath }
    : { ...none, ...networkOptions(endpoint, socketPath) };
}

/** Returns the socket's path, or the parsed URL of an endpoint on the network. */
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
      if (!URL.canParse(asHttp(host))) throw invalid('this is not a valid address.');
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

/** Linux has room for 108 bytes in a socket's address, including the closing zero byte (unix(7)). */
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

/** URL does not parse host and port of a `tcp:` address. */
function asHttp(host: string): string {
  return host.replace(/^tcp:/i, 'http:');
}

function sshAdvice(host: string): string {
  const target = host.slice('ssh://'.length) || 'user@machine';
  return [
    'testcontainers, which belljar uses, does not support ssh. Forward the socket instead:',
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

/** Returns the port as it is written. URL leaves out 80 and 443, but Docker's defaults are other ports. */
function portOf(host: string): number | undefined {
  const port = /:(\d+)\/?$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** @throws EngineError `ENGINE_HOST_INVALID` if a file is missing */
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
