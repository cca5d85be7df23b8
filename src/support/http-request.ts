import * as http from 'node:http';
import * as https from 'node:https';
import { urlToHttpOptions } from 'node:url';

type Protocol = 'http:' | 'https:';

/** As Node.js's own, which a test may replace (`http.globalAgent`). */
const agentOptions = { keepAlive: true, scheduling: 'lifo', timeout: 5000 } as const;

const agents: Readonly<Record<Protocol, http.Agent>> = {
  'http:': new http.Agent(agentOptions),
  'https:': new https.Agent(agentOptions),
};

const OwnClientRequest = ownClass();

/**
 * Sends a request as `http.request()` or `https.request()` of Node.js does, even if a library for mocks has replaced
 * these functions: a test that forbids or answers its own requests (nock, msw) means none of belljar's.
 */
export function sendRequest(
  protocol: Protocol,
  options: string | https.RequestOptions,
  onResponse?: (response: http.IncomingMessage) => void,
): http.ClientRequest {
  const given = typeof options === 'string' ? urlToHttpOptions(new URL(options)) : options;
  return new OwnClientRequest({ ...given, protocol, _defaultAgent: agents[protocol] }, onResponse);
}

/**
 * Finds the class of Node.js's requests. A mock replaces `http.ClientRequest` by a subclass or a proxy, perhaps before
 * belljar is loaded. Node.js's class is the one right below `http.OutgoingMessage`.
 */
function ownClass(): typeof http.ClientRequest {
  let { prototype } = http.ClientRequest as { prototype: object };
  for (;;) {
    const above = Object.getPrototypeOf(prototype) as object | null;
    if (above === http.OutgoingMessage.prototype) return prototype.constructor as typeof http.ClientRequest;
    if (above === null) return http.ClientRequest;
    prototype = above;
  }
}
