import { request, type IncomingMessage } from 'node:http';

export interface HttpRequest {
  host: string;
  port: number;
  path: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  /** Ends it. */
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  statusText: string;
  /** The beginning of the body, decoded as UTF-8. */
  body: string;
}

/** How much of a body is read, in bytes. */
const maxBodyBytes = 1_000_000;

/**
 * Asks once, on a connection of its own.
 *
 * @throws what Node.js says of a request that got no answer
 */
export async function askHttp({ headers, ...asked }: HttpRequest): Promise<HttpAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ ...asked, headers: { ...headers }, agent: false }, resolve)
      .on('error', reject)
      .end();
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
    // Broken off, or never ending: what came is what there is to look at.
  }
  return Buffer.concat(pieces).toString();
}
