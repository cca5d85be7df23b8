import { BelljarError } from '../support/errors';

/**
 * Isolation, or the host, could not be looked at. `code` is one of
 * - `CANNOT_LOOK`: the container has no shell to look around with
 * - `CONTAINER_GONE`: the container is not there any more
 * - `SAME_CONTAINER`: a container can't be isolated from itself
 * - `DIFFERENT_ENGINES`: only containers of one engine are compared
 * - `NO_SNAPSHOT`: nothing says how the host was before
 * - `TOO_MUCH`: more files than the limit allows
 */
export class IsolationError extends BelljarError {}
