import { codeOf, messageOf, statusOf } from '../../support/errors';
import type { EngineErrorCode } from '../errors';
import { statSocket } from '../socket-file';
import { accessAdvice } from './access-denied';
import { socketPathOf, type EngineEndpoint } from './endpoint';

/** The reason why belljar can't use the engine at an endpoint. */
export interface ProbeFailure {
  code: EngineErrorCode;
  /** The problem, as it reads after a colon: `no such socket`. */
  problem: string;
  /** Advice for the user: one or more sentences. */
  advice: string;
  cause?: unknown;
}

/** The problem if there is no file at the socket's path. */
export const noSocket = 'no such socket';

const startIt =
  'Start the engine (sudo systemctl start docker, or Docker Desktop, Colima, Podman), or name another with DOCKER_HOST.';

/**
 * Explains a failed request to an endpoint, and what to do about it.
 *
 * @param timeout the time limit that was reached, in milliseconds
 */
export function explainFailure(endpoint: EngineEndpoint, error: unknown, timeout?: number): ProbeFailure {
  const unreachable = (problem: string, advice = startIt): ProbeFailure => ({
    code: 'ENGINE_UNREACHABLE',
    problem,
    advice,
    cause: error,
  });
  if (timeout !== undefined) {
    return unreachable(
      `it accepts the connection but did not answer within ${timeout} ms`,
      'The engine hangs or is still starting: look at its log (journalctl -u docker) and restart it.',
    );
  }
  const notSocket = wrongKindOfFile(endpoint);
  if (notSocket !== undefined) return unreachable(notSocket.problem, notSocket.advice);

  const code = codeOf(error) ?? '';
  if (code === 'EACCES' || code === 'EPERM') return accessDenied(endpoint, error);
  const status = statusOf(error);
  if (status !== undefined) return explainStatus(status, error);
  if (code.startsWith('HPE_')) return notAnEngine(`its answer is not HTTP (${messageOf(error)})`, error);
  if (isTlsProblem(code)) return unreachable(`TLS: ${messageOf(error)}`, tlsAdvice);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return unreachable('it closes the connection without an answer', resetAdvice(endpoint));
  }
  const [problem, advice] = systemErrors[code] ?? [messageOf(error)];
  return unreachable(problem, advice);
}

function accessDenied({ host }: EngineEndpoint, cause: unknown): ProbeFailure {
  const problem = 'permission denied';
  const socket = socketAt(host);
  if (socket !== undefined)
    return { code: 'ENGINE_ACCESS_DENIED', problem, advice: accessAdvice(socket), cause };
  const advice = 'This user may not look into the directory of the socket. Name the engine with DOCKER_HOST.';
  return { code: 'ENGINE_UNREACHABLE', problem, advice, cause };
}

const nameAdvice = 'Check the address, and that this machine can resolve names.';

/** The problem for each system error of connecting, and the advice unless it is to start the engine. */
const systemErrors: Record<string, [string, string?]> = {
  ENOENT: [noSocket],
  ECONNREFUSED: ['connection refused: nothing listens there'],
  ENOTFOUND: ['no such host name', nameAdvice],
  EAI_AGAIN: ['no such host name', nameAdvice],
};

const tlsAdvice =
  'Set DOCKER_CERT_PATH to the directory with the ca.pem, cert.pem and key.pem that this engine accepts. For an engine without TLS, unset DOCKER_CERT_PATH and DOCKER_TLS_VERIFY.';

function explainStatus(status: number, error: unknown): ProbeFailure {
  if (status === 400 && messageOf(error).includes('HTTPS')) {
    return { code: 'ENGINE_UNREACHABLE', problem: 'it asks for TLS', advice: tlsAdvice, cause: error };
  }
  if (status < 500) return notAnEngine(`it answers /version with HTTP ${status}`, error);
  return {
    code: 'ENGINE_UNREACHABLE',
    problem: `it answers with HTTP ${status}: ${messageOf(error).trim()}`,
    advice: 'The engine is starting, stopping or broken: look at its log and restart it.',
    cause: error,
  };
}

function notAnEngine(problem: string, cause: unknown): ProbeFailure {
  const advice = 'Another program listens there; name the engine with DOCKER_HOST.';
  return { code: 'ENGINE_NOT_AN_ENGINE', problem, advice, cause };
}

/** Docker creates a directory if the source of a bind mount is missing, even if the source is the engine's socket. */
function wrongKindOfFile({ host }: EngineEndpoint): { problem: string; advice: string } | undefined {
  const found = socketAt(host);
  if (found === undefined || found.isSocket()) return undefined;
  return found.isDirectory()
    ? {
        problem: 'this is a directory, not a socket',
        advice:
          'Docker creates a directory when a container mounts a socket that is missing. Remove the directory and start the engine.',
      }
    : {
        problem: 'this is not a socket',
        advice: 'Remove the file and start the engine, or name another socket.',
      };
}

/** Undefined if the address is not that of a file, or if there is no file that this user may look at. */
function socketAt(host: string): ReturnType<typeof statSocket> {
  const path = socketPathOf(host);
  try {
    return path === undefined ? undefined : statSocket(path);
  } catch {
    return undefined;
  }
}

function resetAdvice(endpoint: EngineEndpoint): string {
  return socketPathOf(endpoint.host) === undefined && endpoint.tls === undefined
    ? `If the engine asks for TLS: ${tlsAdvice}`
    : 'The engine is starting, stopping or broken, or another program listens there.';
}

function isTlsProblem(code: string): boolean {
  return /^(?:ERR_(?:TLS|SSL|OSSL)|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code);
}
