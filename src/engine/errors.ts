import { BelljarError } from '../support/errors';

/** What is wrong with an engine, or with how it is named. A private engine's errors are an engine's errors too. */
export type EngineErrorCode =
  /** Nothing names an engine, and no engine answers at the usual sockets. */
  | 'ENGINE_NOT_FOUND'
  /** `DOCKER_HOST`, or a setting like it, is not an address, or is of a kind that can't be used. */
  | 'ENGINE_HOST_INVALID'
  /** Nothing answers at the address: no socket, refused, permission denied, too slow. */
  | 'ENGINE_UNREACHABLE'
  /** Something answers at the address, but not as an engine does. */
  | 'ENGINE_NOT_AN_ENGINE'
  /** The engine closed a connection in the middle of what a command printed. */
  | 'CONNECTION_LOST'
  /** The engine is older than Docker 20.10. */
  | 'ENGINE_TOO_OLD'
  /** testcontainers is told to use another engine. */
  | 'ENGINE_SETTINGS_CONFLICT'
  /** The process that owns this process's run has died, so nothing would remove what is made now. */
  | 'RUN_OVER'
  /** A text is not a version, or is not what `docker -v` prints. */
  | 'VERSION_MALFORMED'
  /** A version is below the one that was required. */
  | 'VERSION_TOO_OLD'
  /** `docker -v` is there and fails. */
  | 'CLIENT_FAILED'
  | PrivateEngineErrorCode;

/** Something is wrong with the engine, or with how it is named. */
export class EngineError extends BelljarError {
  /** What went wrong; {@link EngineErrorCode} has the meaning of each code. */
  declare readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Why a private engine could not be started, shared or stopped. */
export type PrivateEngineErrorCode =
  /** belljar runs as another user than root. */
  | 'PRIVATE_ENGINE_NEEDS_ROOT'
  /** `dockerd`, `iptables` or another program that it takes is not installed. */
  | 'PRIVATE_ENGINE_NEEDS_PROGRAMS'
  /** `dockerd` ended before it was ready; the message has the end of its log. */
  | 'PRIVATE_ENGINE_START_FAILED'
  /** `dockerd` was not ready in time; the message has the end of its log. */
  | 'PRIVATE_ENGINE_START_TIMEOUT'
  /** The subnet, or every subnet that belljar would choose, is taken on this machine. */
  | 'PRIVATE_ENGINE_SUBNET_IN_USE'
  /** A private engine of this name runs with other options and has owners that live. */
  | 'PRIVATE_ENGINE_IN_USE'
  /** Something of the private engine could not be removed. */
  | 'PRIVATE_ENGINE_STOP_FAILED'
  /** `ip`, `iptables` or another of the system's programs failed. */
  | 'PRIVATE_ENGINE_SYSTEM';

/** A private engine could not be started, shared or stopped. */
export class PrivateEngineError extends EngineError {
  /** What went wrong; {@link PrivateEngineErrorCode} has the meaning of each code. */
  declare readonly code: PrivateEngineErrorCode;

  constructor(code: PrivateEngineErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
