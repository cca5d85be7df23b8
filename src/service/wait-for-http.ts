import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { codeOf, messageOf } from '../support/errors';
import { outputEnd } from '../support/lines';
import { redactorOf, type Redactor } from '../support/secrets/redact';
import { must, namesAndStrings, textOrPattern, wholeNumber } from '../support/options/option-checks';
import { hasPattern } from '../support/pattern';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import { addressOf, type Address } from './address';
import type { ServiceContainer } from './service-container';
import { askHttp, type HttpAnswer } from './http';
import { checkPort } from './options';
import { waitForService, type WaitStatus } from './wait';

/** Options of the request, and of the answer to wait for. */
export interface HttpWaitOptions extends WaitOptions {
  /** The path with its query. Default `/`. */
  path?: string;
  /** The method. Default `GET`. */
  method?: string;
  /** Headers of the request. */
  headers?: Readonly<Record<string, string>>;
  /** The status to wait for; redirects are not followed. Default: any status from 200 to 299. */
  status?: number;
  /** A string that the answer's body contains, or a pattern that it matches. Default: any body. */
  body?: string | RegExp;
}

const checks = {
  ...waitChecks,
  path: must(
    'must begin with / and be encoded as in a URL',
    (value) => typeof value === 'string' && /^\/[\x21-\x7e]*$/.test(value),
  ),
  method: must(
    'must be an HTTP method in upper case, such as HEAD',
    (value) => typeof value === 'string' && /^[A-Z]+$/.test(value),
  ),
  headers: namesAndStrings,
  status: wholeNumber(100, 599),
  body: textOrPattern,
} satisfies OptionChecks<HttpWaitOptions>;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForHttp(
  service: ServiceContainer,
  port: number,
  options: HttpWaitOptions = {},
): Promise<void> {
  checkPort(port);
  checkOptions(options, checks);
  const { path = '/', method = 'GET', headers = {}, status, body, timeout = defaultTimeout } = options;
  let address: Address | undefined;
  await waitForService(service, {
    for: `${formatExpected(options)} to ${method} ${path} on port ${port}`,
    timeout,
    interval: 50,
    look: async (time) => {
      address ??= await addressOf(service.container, port);
      return lookAt(
        address,
        { path, method, headers, signal: time },
        { status, body, secrets: redactorOf(service.container) },
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
    return { ready: isExpected(answer, expected), seen: formatAnswer(answer, expected.secrets) };
  } catch (error) {
    return { ready: false, seen: `at ${address.host}:${address.port}, ${formatFailure(error)}` };
  }
}

function isExpected({ status, body }: HttpAnswer, expected: Expected): boolean {
  const isStatus = expected.status === undefined ? status >= 200 && status < 300 : status === expected.status;
  if (!isStatus || expected.body === undefined) return isStatus;
  return typeof expected.body === 'string' ? body.includes(expected.body) : hasPattern(body, expected.body);
}

function formatExpected({ status, body }: HttpWaitOptions): string {
  const wanted = status === undefined ? 'a status from 200 to 299' : `status ${status}`;
  if (body === undefined) return wanted;
  return `${wanted} and a body with ${typeof body === 'string' ? JSON.stringify(body) : String(body)}`;
}

function formatAnswer({ status, statusText, body }: HttpAnswer, secrets: Redactor): string {
  const heading = `status ${status} ${statusText}`.trimEnd();
  const end = outputEnd('Body', body, secrets);
  return end === '' ? `${heading}, with an empty body` : `${heading}\n${end}`;
}

/** The meaning of a failed request's codes. Docker listens on a published port even if the container does not. */
const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET:
    'the connection was closed without an answer: nothing listens on the port in the container, or the server hung up',
  ABORT_ERR: 'no answer until then',
};

function formatFailure(error: unknown): string {
  return failures[codeOf(error) ?? ''] ?? messageOf(error);
}
