import { BelljarError } from '../support/errors';

/**
 * A service that did not become what was waited for, or that can't be asked. `code` is one of
 *
 * - `NOT_READY`: the time was over
 * - `CONTAINER_ENDED`: its container ended meanwhile, so that it never will be
 * - `NO_HEALTH_CHECK`: neither the image nor the container's options have a health check
 * - `NOT_REACHABLE`: there is no way from here to the port
 * - `CANNOT_LOOK`: what listens in the container can't be read
 */
export class ServiceError extends BelljarError {}
