import type { IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { sendRequest } from '../../support/http-request';

export interface HttpRequest {
  host: string;
  port: number;
  path: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  /** How the server's certificate is checked; undefined if the connection has no TLS. */
  tls: ConnectionOptions | undefined;
  /** Cancels the request. */
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  statusText: string;
  /** The beginning of the body, decoded as UTF-8. */
  body: string;
}

/** The limit of what is read of a body, in bytes. */
const maxBodyBytes = 1_000_000;

/**
 * Sends one request on its own connection.
 *
 * @throws Node.js's error if the request gets no answer
 */
export async function askHttp({ headers, tls, ...asked }: HttpRequest): Promise<HttpAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { ...asked, headers: { ...headers }, agent: false as const };
    const asking =
      tls === undefined
        ? sendRequest('http:', options, resolve)
        : sendRequest('https:', { ...options, ...tls }, resolve);
    asking.on('error', reject).end();
  });
  const { statusCode = 0, statusMessage = '' } = response;
  return { status: statusCode, statusText: statusMessage, body: await readBody(response) };
}

async function readBody(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= maxBodyBytes) break;
    }
  } catch {
    // The connection broke, or the signal ended an endless body. The wait checks the part that has arrived.
  }
  return Buffer.concat(pieces).toString();
}
