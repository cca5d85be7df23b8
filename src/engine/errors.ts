import { BelljarError } from '../support/errors';

/** A problem with an engine, or with the setting that names it. A private engine's errors are engine errors too. */
export type EngineErrorCode =
  /** No setting names an engine, and no engine answers at the usual sockets. */
  | 'ENGINE_NOT_FOUND'
  /** `DOCKER_HOST`, or a setting like it, is not an address, or is of a kind that can't be used. */
  | 'ENGINE_HOST_INVALID'
  /** There is the socket of an engine, but this user may not open it. */
  | 'ENGINE_ACCESS_DENIED'
  /** Nothing answers at the address: no socket, refused, too slow. */
  | 'ENGINE_UNREACHABLE'
  /** Something answers at the address, but not as an engine does. */
  | 'ENGINE_NOT_AN_ENGINE'
  /** The engine closed a connection in the middle of a command's output or of a container's log. */
  | 'CONNECTION_LOST'
  /** The engine is older than Docker 20.10. */
  | 'ENGINE_TOO_OLD'
  /** testcontainers is told to use another engine. */
  | 'ENGINE_SETTINGS_CONFLICT'
  /** The process that owns this process's run has died, so nothing would remove what is created now. */
  | 'RUN_OVER'
  /** A string is not a version, or is not the output of `docker -v`. */
  | 'VERSION_MALFORMED'
  /** A version is below the one that was required. */
  | 'VERSION_TOO_OLD'
  /** `docker -v` failed. */
  | 'CLIENT_FAILED'
  | PrivateEngineErrorCode;

/** A problem with the engine, or with the setting that names it. */
export class EngineError extends BelljarError {
  /** What went wrong; {@link EngineErrorCode} has the meaning of each code. */
  declare readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** The reason why a private engine could not be started, shared or stopped. */
export type PrivateEngineErrorCode =
  /** belljar runs as another user than root. */
  | 'PRIVATE_ENGINE_NEEDS_ROOT'
  /** `dockerd`, `iptables` or another program that a private engine needs is not installed. */
  | 'PRIVATE_ENGINE_NEEDS_PROGRAMS'
  /** `dockerd` ended before it was ready; the message has the end of its log. */
  | 'PRIVATE_ENGINE_START_FAILED'
  /** `dockerd` was not ready in time; the message has the end of its log. */
  | 'PRIVATE_ENGINE_START_TIMEOUT'
  /** The subnet, or every subnet that belljar would choose, is in use on this machine. */
  | 'PRIVATE_ENGINE_SUBNET_IN_USE'
  /** A private engine of this name runs with other options and has living owners. */
  | 'PRIVATE_ENGINE_IN_USE'
  /** A part of the private engine could not be removed. */
  | 'PRIVATE_ENGINE_STOP_FAILED'
  /** `ip`, `iptables` or another system program failed. */
  | 'PRIVATE_ENGINE_SYSTEM';

/** A private engine could not be started, shared or stopped. */
export class PrivateEngineError extends EngineError {
  /** What went wrong; {@link PrivateEngineErrorCode} has the meaning of each code. */
  declare readonly code: PrivateEngineErrorCode;

  constructor(code: PrivateEngineErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
