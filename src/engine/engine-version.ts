import { connectEngine } from './connect/connection';

/** What an engine says about itself. */
export interface EngineVersion {
  /** The engine's own version: `20.10.24+dfsg1`. */
  version: string;
  /** The newest API that it speaks: `1.41`. */
  apiVersion: string;
  /** The oldest API that it speaks: `1.12`. */
  minimumApiVersion: string;
  /** `linux`, `windows`. */
  os: string;
  /** In Go's words: `amd64`, `arm64`. */
  arch: string;
  /** The kernel's release: `6.1.0-21-amd64`. */
  kernel: string;
}

/**
 * The version of the engine in use.
 *
 * Source: Docker Engine API, `GET /version`.
 *
 * @throws EngineError where there is no engine
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
