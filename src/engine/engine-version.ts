import { connectEngine } from './connect/connection';

/** The version of an engine and of its API, and its platform. */
export interface EngineVersion {
  /** The engine's own version: `20.10.24+dfsg1`. */
  version: string;
  /** The newest version of the API that the engine supports: `1.41`. */
  apiVersion: string;
  /** The oldest version of the API that the engine supports: `1.12`. */
  minimumApiVersion: string;
  /** `linux`, `windows`. */
  os: string;
  /** As Go names it: `amd64`, `arm64`. */
  arch: string;
  /** The kernel's release: `6.1.0-21-amd64`. */
  kernel: string;
}

/**
 * Returns the version of the engine in use.
 *
 * Source: Docker Engine API, `GET /version`.
 *
 * @throws EngineError if there is no engine
 */
export async function engineVersion(): Promise<EngineVersion> {
  const { docker } = await connectEngine();
  const answer = await docker.version();
  return {
    version: answer.Version,
    apiVersion: answer.ApiVersion,
    minimumApiVersion: answer.MinAPIVersion,
    os: answer.Os,
    arch: answer.Arch,
    kernel: answer.KernelVersion,
  };
}
