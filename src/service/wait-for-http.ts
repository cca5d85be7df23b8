import { types } from 'node:util';
import { codeOf, InvalidOptionError, messageOf } from '../support/errors';
import { lastLines } from '../support/last-lines';
import { redactorOf, type Redactor } from '../support/secrets/redact';
import { hasPattern } from '../support/pattern';
import { timeoutOf, type WaitOptions } from '../support/wait-options';
import { addressOf, type Address } from './address';
import type { ServiceContainer } from './service-container';
import { askHttp, type HttpAnswer } from './http';
import { checkNames, checkPort } from './options';
import { waitForService, type WaitStatus } from './wait';

/** What is asked, and which answer is waited for. */
export interface HttpWaitOptions extends WaitOptions {
  /** With its query. Default `/`. */
  path?: string;
  /** Default `GET`. */
  method?: string;
  /** Headers of the request. */
  headers?: Readonly<Record<string, string>>;
  /** The status that is waited for; redirects are not followed. Default: any from 200 to 299. */
  status?: number;
  /** A text that is in the answer's body, or a pattern that it matches. Default: any body will do. */
  body?: string | RegExp;
}

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForHttp(
  host: ServiceContainer,
  port: number,
  options: HttpWaitOptions = {},
): Promise<void> {
  checkPort(port);
  checkHttpOptions(options);
  const { path = '/', method = 'GET', headers = {}, status, body } = options;
  let address: Address | undefined;
  await waitForService(host, {
    for: `${describeExpected(options)} to ${method} ${path} on port ${port}`,
    timeout: timeoutOf(options),
    interval: 50,
    look: async (time) => {
      address ??= await addressOf(host, port);
      return lookAt(
        address,
        { path, method, headers, signal: time },
        { status, body, secrets: redactorOf(host) },
      );
    },
  });
}

type Expected = Pick<HttpWaitOptions, 'status' | 'body'> & { secrets: Redactor };

async function lookAt(
  address: Address,
  request: Omit<Parameters<typeof askHttp>[0], 'host' | 'port'>,
  expected: Expected,
): Promise<WaitStatus> {
  try {
    const answer = await askHttp({ ...address, ...request });
    return { ready: isExpected(answer, expected), seen: describeAnswer(answer, expected.secrets) };
  } catch (error) {
    return { ready: false, seen: `at ${address.host}:${address.port}, ${describeFailure(error)}` };
  }
}

function isExpected({ status, body }: HttpAnswer, expected: Expected): boolean {
  const isStatus = expected.status === undefined ? status >= 200 && status < 300 : status === expected.status;
  if (!isStatus || expected.body === undefined) return isStatus;
  return typeof expected.body === 'string' ? body.includes(expected.body) : hasPattern(body, expected.body);
}

function describeExpected({ status, body }: HttpWaitOptions): string {
  const wanted = status === undefined ? 'a status from 200 to 299' : `status ${status}`;
  if (body === undefined) return wanted;
  return `${wanted} and a body with ${typeof body === 'string' ? JSON.stringify(body) : String(body)}`;
}

function describeAnswer({ status, statusText, body }: HttpAnswer, secrets: Redactor): string {
  const heading = `status ${status} ${statusText}`.trimEnd();
  const end = lastLines('Body', body, secrets);
  return end === '' ? `${heading}, with an empty body` : `${heading}\n${end}`;
}

/**
 * What the codes of a failed request mean here; Docker listens on a published port whether anything in it does or not.
 */
const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET:
    'the connection was closed without an answer: nothing listens there in the container, or it hung up',
  ABORT_ERR: 'no answer by then',
};

function describeFailure(error: unknown): string {
  return failures[codeOf(error) ?? ''] ?? messageOf(error);
}

function checkHttpOptions(options: HttpWaitOptions): void {
  checkNames(options, ['path', 'method', 'headers', 'status', 'body', 'timeout']);
  checkRequest(options);
  const { status = 200, body = /./ } = options;
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new InvalidOptionError('status', 'must be a whole number from 100 to 599', status);
  }
  // Not instanceof: in a test file, a RegExp is another realm's.
  if (!types.isRegExp(body) && (typeof body !== 'string' || body === '')) {
    throw new InvalidOptionError('body', 'must be a text or a RegExp', body);
  }
}

function checkRequest({ path = '/', method = 'GET' }: HttpWaitOptions): void {
  if (typeof path !== 'string' || !/^\/[\x21-\x7e]*$/.test(path)) {
    throw new InvalidOptionError('path', 'must begin with / and be encoded as in a URL', path);
  }
  if (typeof method !== 'string' || !/^[A-Z]+$/.test(method)) {
    throw new InvalidOptionError('method', 'must be a method of HTTP in capitals, such as HEAD', method);
  }
}
