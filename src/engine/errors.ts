import { BelljarError } from '../support/errors';

/**
 * Something is wrong with the engine, or with how it is named. `code` is one of
 *
 * - `ENGINE_NOT_FOUND`: nothing names an engine, and none of the usual sockets has one
 * - `ENGINE_HOST_INVALID`: `DOCKER_HOST` or its like is no address, or of a kind that can't be used
 * - `ENGINE_UNREACHABLE`: nothing answers at the address: no socket, refused, permission denied, too slow
 * - `ENGINE_NOT_AN_ENGINE`: something answers, but not as an engine does
 * - `CONNECTION_LOST`: it closed a connection in the middle of what a command printed
 * - `ENGINE_TOO_OLD`: an engine older than 20.10
 * - `ENGINE_SETTINGS_CONFLICT`: testcontainers is told to use another engine
 * - `RUN_OVER`: the process that owns this process's run has died, so nobody would remove what is made now
 * - `VERSION_MALFORMED`: not a version, or not what `docker -v` prints
 * - `VERSION_TOO_OLD`: a version below the one that was required
 * - `CLIENT_FAILED`: `docker -v` is there and fails
 */
export class EngineError extends BelljarError {}
