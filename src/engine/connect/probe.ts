import type Docker from 'dockerode';
import { clientOptions, type EngineEndpoint } from './endpoint';
import { openDocker } from '../docker-client';
import { EngineError } from '../errors';
import { explainFailure, type ProbeFailure } from './probe-failure';
import { compareVersions } from '../version';
import { timeoutSignal } from '../../support/time';

/** An engine that answers, and the API client for it. */
export interface EngineConnection {
  endpoint: EngineEndpoint;
  docker: Docker;
}

/** The engine API of Docker 20.10, the oldest that belljar works with. Podman has this API since 4.0. */
export const minimumApiVersion = '1.41';

/** The oldest Docker engine that belljar works with. */
const minimumEngineVersion = '20.10';

/**
 * Asks an endpoint for its version.
 *
 * @param timeout how long the answer may take, in milliseconds
 * @returns a connection if an engine answers that is new enough, else the reason why not
 * @throws EngineError `ENGINE_HOST_INVALID` if the endpoint is not an address
 */
export async function probeEndpoint(
  endpoint: EngineEndpoint,
  timeout: number,
): Promise<EngineConnection | ProbeFailure> {
  const docker = openClient(endpoint);
  const limit = timeoutSignal(timeout);
  let answer: unknown;
  try {
    answer = await Promise.race([askVersion(docker, limit), rejectedBy(limit)]);
  } catch (error) {
    return explainFailure(endpoint, error, limit.aborted ? timeout : undefined);
  }
  return checkAnswer(answer) ?? { endpoint, docker };
}

/** Returns the error for an engine that a setting names and that failed. */
export function failureError(endpoint: EngineEndpoint, failure: ProbeFailure): EngineError {
  return new EngineError(
    failure.code,
    `The engine at ${endpoint.host} (${endpoint.source}) can't be used: ${failure.problem}.\n${failure.advice}`,
    { cause: failure.cause },
  );
}

/** Creates an API client for an endpoint, without sending a request. */
function openClient(endpoint: EngineEndpoint): Docker {
  const options = clientOptions(endpoint);
  try {
    return openDocker(options);
  } catch (error) {
    // dockerode reads DOCKER_HOST and its certificates even if it gets options.
    throw new EngineError('ENGINE_HOST_INVALID', `The Docker client refuses its settings: ${String(error)}`, {
      cause: error,
    });
  }
}

function askVersion(docker: Docker, abortSignal: AbortSignal): Promise<unknown> {
  // dockerode accepts a signal here, but its types lack it.
  return (docker as unknown as { version(options: object): Promise<unknown> }).version({ abortSignal });
}

/** dockerode obeys the signal only until the answer's first byte, so an answer that never ends needs this. */
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
  // The API's version, because Podman and development builds have version numbers of their own.
  if (compareVersions(api, minimumApiVersion) >= 0) return undefined;
  return {
    code: 'ENGINE_TOO_OLD',
    problem: `its version is ${version} (API ${api}), which is too old`,
    advice: `belljar needs Docker ${minimumEngineVersion} or newer, or Podman 4.0 or newer (API ${minimumApiVersion}): update the engine, or name another with DOCKER_HOST.`,
  };
}
