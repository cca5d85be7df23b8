import { BelljarError } from '../support/errors';

/** Why a service did not become what was waited for, or can't be asked. */
export type ServiceErrorCode =
  /** The time was over. */
  | 'NOT_READY'
  /** The service's container ended meanwhile, so the service will never be ready. */
  | 'CONTAINER_ENDED'
  /** Neither the image nor the container's options have a health check. */
  | 'NO_HEALTH_CHECK'
  /** There is no way from here to the port. */
  | 'NOT_REACHABLE'
  /** What listens in the container can't be read. */
  | 'CANNOT_LOOK';

/** A service did not become what was waited for, or can't be asked. */
export class ServiceError extends BelljarError {
  /** What went wrong; {@link ServiceErrorCode} has the meaning of each code. */
  declare readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
