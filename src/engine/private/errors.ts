import { EngineError } from '../errors';

/**
 * A private engine could not be started, shared or stopped. `code` is one of
 *
 * - `PRIVATE_ENGINE_NEEDS_ROOT`: belljar runs as another user
 * - `PRIVATE_ENGINE_NEEDS_PROGRAMS`: `dockerd`, `iptables` or the like is not installed
 * - `PRIVATE_ENGINE_START_FAILED`: `dockerd` ended before it was ready; the message has the end of its log
 * - `PRIVATE_ENGINE_START_TIMEOUT`: `dockerd` was not ready in time
 * - `PRIVATE_ENGINE_SUBNET_IN_USE`: the subnet, or every one that belljar would choose, is taken on this machine
 * - `PRIVATE_ENGINE_IN_USE`: one of this name runs with other options and has owners that live
 * - `PRIVATE_ENGINE_STOP_FAILED`: something of it could not be removed
 * - `PRIVATE_ENGINE_SYSTEM`: `ip`, `iptables` or another of the system's programs failed
 */
export class PrivateEngineError extends EngineError {}
