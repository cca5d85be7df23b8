import { codeOf, messageOf, statusOf } from '../../support/errors';
import { statSocket } from '../socket-file';
import { socketPathOf, type EngineEndpoint } from './endpoint';

/** Why an endpoint has no engine that can be used. */
export interface ProbeFailure {
  /** As in `EngineError`. */
  code: string;
  /** What is wrong, as it reads after a colon: `no such socket`. */
  problem: string;
  /** What to do about it: one or more sentences. */
  advice: string;
  cause?: unknown;
}

/** The problem of a place where there is nothing at all. */
export const noSocket = 'no such socket';

/** The problem of a socket that another user may open. */
export const permissionDenied = 'permission denied';

const startIt =
  'Start the engine (sudo systemctl start docker, or Docker Desktop, Colima, Podman), or name another with DOCKER_HOST.';

/**
 * What a failed request to an endpoint means, and what to do about it.
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
      `it takes the connection but has not answered within ${timeout} ms`,
      'The engine hangs or is still starting: look at its log (journalctl -u docker), restart it.',
    );
  }
  const notSocket = wrongKindOfFile(endpoint);
  if (notSocket !== undefined) return unreachable(notSocket.problem, notSocket.advice);

  const code = codeOf(error) ?? '';
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

const permissionAdvice = [
  'This user may not open the socket. Add it to the group that owns the socket, usually docker:',
  '  sudo usermod --append --groups docker "$USER"    (then log in again)',
  'or run as root, or use a rootless engine of your own.',
].join('\n');

const nameAdvice = 'Check the address, and that this machine can resolve names.';

/** What connecting fails with: the problem, and the advice where it isn't to start the engine. */
const systemErrors: Record<string, [string, string?]> = {
  ENOENT: [noSocket],
  ECONNREFUSED: ['connection refused: nothing listens there'],
  EACCES: [permissionDenied, permissionAdvice],
  EPERM: [permissionDenied, permissionAdvice],
  ENOTFOUND: ['no such host name', nameAdvice],
  EAI_AGAIN: ['no such host name', nameAdvice],
};

const tlsAdvice =
  'DOCKER_CERT_PATH names the directory with the ca.pem, cert.pem and key.pem that this engine accepts; leave it and DOCKER_TLS_VERIFY unset for an engine without TLS.';

function explainStatus(status: number, error: unknown): ProbeFailure {
  if (status === 400 && messageOf(error).includes('HTTPS')) {
    return { code: 'ENGINE_UNREACHABLE', problem: 'it asks for TLS', advice: tlsAdvice, cause: error };
  }
  if (status < 500) return notAnEngine(`it answers /version with HTTP ${status}`, error);
  return {
    code: 'ENGINE_UNREACHABLE',
    problem: `it answers with HTTP ${status}: ${messageOf(error).trim()}`,
    advice: 'The engine is starting, stopping or broken: look at its log, restart it.',
    cause: error,
  };
}

function notAnEngine(problem: string, cause: unknown): ProbeFailure {
  const advice = 'Another program listens there; name the engine with DOCKER_HOST.';
  return { code: 'ENGINE_NOT_AN_ENGINE', problem, advice, cause };
}

/** Docker makes a directory of what a bind mount names and is not there, the engine's socket too: a known trap. */
function wrongKindOfFile({ host }: EngineEndpoint): { problem: string; advice: string } | undefined {
  const path = socketPathOf(host);
  const found = path === undefined ? undefined : statSocket(path);
  if (found === undefined || found.isSocket()) return undefined;
  return found.isDirectory()
    ? {
        problem: 'this is a directory, not a socket',
        advice:
          'Docker makes one when a container mounts a socket that is not there. Remove it and start the engine.',
      }
    : {
        problem: 'this is no socket',
        advice: 'Remove the file and start the engine, or name another socket.',
      };
}

function resetAdvice(endpoint: EngineEndpoint): string {
  return socketPathOf(endpoint.host) === undefined && endpoint.tls === undefined
    ? `If the engine asks for TLS: ${tlsAdvice}`
    : 'The engine is starting, stopping or broken, or another program listens there.';
}

function isTlsProblem(code: string): boolean {
  return /^(?:ERR_(?:TLS|SSL|OSSL)|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code);
}
