import type { ConnectionOptions } from 'node:tls';
import { checkOptions, type OptionCheck, type OptionChecks } from '../../support/options/check-options';
import { InvalidOptionError } from '../../support/errors';
import { outputEnd } from '../../support/lines';
import { redactorOf, type Redactor } from '../../support/secrets/redact';
import {
  must,
  namesAndStrings,
  textOrPattern,
  trueOrFalse,
  wholeNumber,
} from '../../support/options/option-checks';
import { hasPattern } from '../../support/pattern';
import { defaultTimeout, waitChecks, type WaitOptions } from '../../support/options/wait-options';
import { addressOf, type Address } from '../address';
import type { ServiceContainer } from '../service-container';
import { askHttp, type HttpAnswer } from './http';
import { formatHttpFailure } from './http-failure';
import { checkPort } from '../options';
import { waitForService, type WaitStatus } from '../wait';

/** How the certificate of a server is checked. */
export interface HttpTlsOptions {
  /** Whether any certificate will do, such as one that the server has signed itself. Default false. */
  allowInsecure?: boolean;
  /** Certificates of authorities to trust instead of those of Node.js, in PEM. Default: none. */
  ca?: string | Uint8Array;
  /** The name for which the certificate must be. Default: the address of the request. */
  serverName?: string;
}

/** A user and a password (RFC 7617). */
export interface BasicAuth {
  user: string;
  /** Errors show `[redacted]` in its place. */
  password: string;
}

/** Options of the request, and of the answer to wait for. */
export interface HttpWaitOptions extends WaitOptions {
  /** The path with its query. Default `/`. */
  path?: string;
  /** The method. Default `GET`. */
  method?: string;
  /** Headers of the request. */
  headers?: Readonly<Record<string, string>>;
  /** Whether the request goes over TLS, or how the certificate is checked. Default false. */
  tls?: boolean | HttpTlsOptions;
  /** The user and the password of the request. Default: none. */
  basicAuth?: BasicAuth;
  /**
   * The status to wait for, or a function that returns whether a status will do. Redirects are not followed. Default:
   * any status from 200 to 299.
   */
  status?: number | ((status: number) => boolean);
  /**
   * A string that the answer's body contains, a pattern that it matches, or a function that returns whether a body will
   * do. Default: any body.
   */
  body?: string | RegExp | ((body: string) => boolean);
}

const tlsChecks = {
  allowInsecure: trueOrFalse,
  ca: must(
    'must be certificates in PEM, as a string or bytes',
    (value) => (typeof value === 'string' && value !== '') || ArrayBuffer.isView(value),
  ),
  serverName: must('must be a host name', (value) => typeof value === 'string' && value !== ''),
} satisfies OptionChecks<HttpTlsOptions>;

/** The messages do not show the value, which has a secret. */
const checkBasicAuth: OptionCheck = (name, value) => {
  namesAndStrings(name, value);
  const { user, password, ...others } = value as Partial<BasicAuth>;
  if (user === undefined || user.includes(':') || password === undefined || Object.keys(others).length > 0)
    throw new InvalidOptionError(name, 'must be { user, password }, with no colon in the name of the user');
};

const status = wholeNumber(100, 599);

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
  tls: (name, value) => {
    if (typeof value !== 'boolean') checkOptions(value, tlsChecks, name);
  },
  basicAuth: checkBasicAuth,
  status: (name, value) => {
    if (typeof value !== 'function') status(name, value);
  },
  body: (name, value) => {
    if (typeof value !== 'function') textOrPattern(name, value);
  },
} satisfies OptionChecks<HttpWaitOptions>;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForHttp(
  service: ServiceContainer,
  port: number,
  options: HttpWaitOptions = {},
): Promise<void> {
  checkPort(port);
  checkOptions(options, checks);
  const { path = '/', method = 'GET', timeout = defaultTimeout, basicAuth } = options;
  const secrets = redactorOf(service.container);
  if (basicAuth !== undefined) secrets.addSecretsFrom({ PASSWORD: basicAuth.password });
  const request = { path, method, headers: headersOf(options), tls: tlsOf(options.tls) };
  let address: Address | undefined;
  await waitForService(service, {
    for: `${formatExpected(options)} to ${method} ${path} on port ${port}${request.tls ? ' over TLS' : ''}`,
    timeout,
    interval: 50,
    look: async (time) => {
      address ??= await addressOf(service.container, port);
      return lookAt(address, { ...request, signal: time }, { ...options, secrets });
    },
  });
}

function headersOf({ headers = {}, basicAuth }: HttpWaitOptions): Record<string, string> {
  if (basicAuth === undefined) return { ...headers };
  const { user, password } = basicAuth;
  return { ...headers, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function tlsOf(tls: HttpWaitOptions['tls'] = false): ConnectionOptions | undefined {
  if (tls === false) return undefined;
  const { allowInsecure = false, ca, serverName } = tls === true ? {} : tls;
  return {
    rejectUnauthorized: !allowInsecure,
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : Buffer.from(ca) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

type Expected = Pick<HttpWaitOptions, 'status' | 'body'> & { secrets: Redactor };

async function lookAt(
  address: Address,
  request: Omit<Parameters<typeof askHttp>[0], 'host' | 'port'>,
  expected: Expected,
): Promise<WaitStatus> {
  let answer: HttpAnswer;
  try {
    answer = await askHttp({ ...address, ...request });
  } catch (error) {
    return { ready: false, seen: `at ${address.host}:${address.port}, ${formatHttpFailure(error)}` };
  }
  return { ready: isExpected(answer, expected), seen: formatAnswer(answer, expected.secrets) };
}

function isExpected({ status, body }: HttpAnswer, expected: Expected): boolean {
  return isStatus(status, expected.status) && isBody(body, expected.body);
}

function isStatus(status: number, expected: HttpWaitOptions['status']): boolean {
  if (typeof expected === 'function') return verdictOf('status', expected(status));
  return expected === undefined ? status >= 200 && status < 300 : status === expected;
}

function isBody(body: string, expected: HttpWaitOptions['body']): boolean {
  if (typeof expected === 'function') return verdictOf('body', expected(body));
  if (expected === undefined) return true;
  return typeof expected === 'string' ? body.includes(expected) : hasPattern(body, expected);
}

/** A promise, or the result of a forgotten `return`, would count as true or false by accident. */
function verdictOf(option: string, verdict: unknown): boolean {
  if (typeof verdict === 'boolean') return verdict;
  throw new InvalidOptionError(option, 'must be a function that returns true or false; it returned', verdict);
}

function formatExpected({ status, body }: HttpWaitOptions): string {
  const wanted =
    typeof status === 'function'
      ? 'a status that the function accepts'
      : status === undefined
        ? 'a status from 200 to 299'
        : `status ${status}`;
  if (body === undefined) return wanted;
  if (typeof body === 'function') return `${wanted} and a body that the function accepts`;
  return `${wanted} and a body with ${typeof body === 'string' ? JSON.stringify(body) : String(body)}`;
}

function formatAnswer({ status, statusText, body }: HttpAnswer, secrets: Redactor): string {
  const heading = `status ${status} ${statusText}`.trimEnd();
  const end = outputEnd('Body', body, secrets);
  return end === '' ? `${heading}, with an empty body` : `${heading}\n${end}`;
}
