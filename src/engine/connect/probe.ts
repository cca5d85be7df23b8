import Docker from 'dockerode';
import { clientOptions, type EngineEndpoint } from './endpoint';
import { EngineError } from '../errors';
import { explainFailure, type ProbeFailure } from './probe-failure';
import { compareVersions } from '../version';

/** An engine that answers, and the API client for it. */
export interface EngineConnection {
  endpoint: EngineEndpoint;
  docker: Docker;
}

/** The engine API of Docker 20.10, the oldest that belljar works with. Podman has it from 4.0. */
export const minimumApiVersion = '1.41';

/** The oldest Docker engine that belljar works with. */
const minimumEngineVersion = '20.10';

/**
 * Asks an endpoint for its version: either an engine answers that is new enough, or there is a reason why not.
 *
 * @param timeout how long the answer may take, in milliseconds
 * @throws EngineError `ENGINE_HOST_INVALID` where the endpoint is no address at all
 */
export async function probeEndpoint(
  endpoint: EngineEndpoint,
  timeout: number,
): Promise<EngineConnection | ProbeFailure> {
  const docker = openClient(endpoint);
  const limit = AbortSignal.timeout(timeout);
  let answer: unknown;
  try {
    answer = await Promise.race([askVersion(docker, limit), rejectedBy(limit)]);
  } catch (error) {
    return explainFailure(endpoint, error, limit.aborted ? timeout : undefined);
  }
  return checkAnswer(answer) ?? { endpoint, docker };
}

/** The error for an engine that was named and failed. */
export function failureError(endpoint: EngineEndpoint, failure: ProbeFailure): EngineError {
  return new EngineError(
    failure.code,
    `The engine at ${endpoint.host} (${endpoint.source}) can't be used: ${failure.problem}.\n${failure.advice}`,
    { cause: failure.cause },
  );
}

/** An engine's API client for an endpoint; nothing is sent yet. */
function openClient(endpoint: EngineEndpoint): Docker {
  const options = clientOptions(endpoint);
  try {
    return new Docker(options);
  } catch (error) {
    // dockerode reads DOCKER_HOST and its certificates whatever it is given.
    throw new EngineError('ENGINE_HOST_INVALID', `The Docker client refuses its settings: ${String(error)}`, {
      cause: error,
    });
  }
}

function askVersion(docker: Docker, abortSignal: AbortSignal): Promise<unknown> {
  // dockerode takes a signal here; its types don't know.
  return (docker as unknown as { version(options: object): Promise<unknown> }).version({ abortSignal });
}

/** dockerode gives up at the signal only until the answer's first byte, so an answer that never ends needs this. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function checkAnswer(answer: unknown): ProbeFailure | undefined {
  const { ApiVersion: api, Version: version } = (answer ?? {}) as Record<string, unknown>;
  if (typeof api !== 'string' || !/^\d+\.\d+$/.test(api) || typeof version !== 'string') {
    return {
      code: 'ENGINE_NOT_AN_ENGINE',
      problem: "it answers /version with something other than an engine's version",
      advice: 'Another program listens there; name the engine with DOCKER_HOST.',
    };
  }
  // The API's version, because Podman and development builds number themselves in their own ways.
  if (compareVersions(api, minimumApiVersion) >= 0) return undefined;
  return {
    code: 'ENGINE_TOO_OLD',
    problem: `its version is ${version} (API ${api}), which is too old`,
    advice: `belljar needs Docker ${minimumEngineVersion} or newer, or Podman 4.0 or newer (API ${minimumApiVersion}): update it, or name another with DOCKER_HOST.`,
  };
}
