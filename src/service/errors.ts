import { BelljarError } from '../support/errors';

/** The reason why a wait for a service failed. */
export type ServiceErrorCode =
  /** The service was not ready within the timeout. */
  | 'NOT_READY'
  /** The service's container ended during the wait, so the service will never be ready. */
  | 'CONTAINER_ENDED'
  /** Neither the image nor the container's options have a health check. */
  | 'NO_HEALTH_CHECK'
  /** This machine can't reach the port. */
  | 'NOT_REACHABLE'
  /** The container's listening sockets can't be read. */
  | 'CANNOT_LOOK';

/** A wait for a service failed. */
export class ServiceError extends BelljarError {
  /** What went wrong; {@link ServiceErrorCode} has the meaning of each code. */
  declare readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
