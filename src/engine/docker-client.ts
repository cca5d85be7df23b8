import { createRequire } from 'node:module';
import Docker, { type DockerOptions } from 'dockerode';
import { codeOf } from '../support/errors';
import { sendRequest } from '../support/http-request';

// Before the first request, because testcontainers makes clients of its own.
keepRequestsApart();

/** Returns a client of an engine's API, without sending a request. Mocks of HTTP in a test do not reach the client. */
export function openDocker(options: DockerOptions): Docker {
  return new Docker(options);
}

/** What docker-modem sends requests with: objects that inherit `request` from `node:http` and `node:https`. */
type ModemProtocols = Record<'http' | 'https', object>;

/** Makes the clients of belljar and of testcontainers send their requests by {@link sendRequest}. */
function keepRequestsApart(): void {
  for (const protocols of [modemProtocols(), modemProtocols('testcontainers')]) {
    if (protocols === undefined) continue;
    for (const name of ['http', 'https'] as const)
      Object.setPrototypeOf(protocols[name], { request: sendRequest.bind(undefined, `${name}:`) });
  }
}

/**
 * Returns undefined if a later docker-modem has no such file: its clients work, but mocks reach them.
 *
 * @param users the packages that lead to the copy of dockerode, from belljar on
 */
function modemProtocols(...users: readonly string[]): ModemProtocols | undefined {
  const last = [...users, 'dockerode'].reduce((path, name) => createRequire(path).resolve(name), __filename);
  try {
    return createRequire(last)('docker-modem/lib/http') as ModemProtocols;
  } catch (error) {
    if (['MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
