import { BelljarError } from '../support/errors';

/**
 * A container that could not be started, used or removed. `code` is one of
 *
 * - `CONTAINER_NOT_STARTED`: the engine refused to create or start it; the message has the engine's reason
 * - `CONTAINER_NOT_RUNNING`: it was stopped, paused or killed, so nothing can run in it
 * - `CONTAINER_REMOVED`: it is gone
 * - `CONTAINER_NOT_REMOVED`: the engine refused to remove it
 * - `NO_NETWORK`: it is on no network that it could be cut off from, or it is cut off already
 * - `NOT_DISCONNECTED`: it can't be reconnected, because nobody has cut it off
 * - `NETWORK_REMOVED`: the network that it was to be started on is gone
 * - `NO_SUCH_PORT`: a port that was not published
 * - `NO_CONTAINER`: what `useContainer()`, `useContainers()` or `useNetwork()` gives was used outside a test
 */
export class ContainerError extends BelljarError {}
