import type { WaitOptions } from '../support/options/wait-options';
import { followLogs, type FollowedLog } from './log/follow-log';
import type { ServiceContainer } from './service-container';
import { waitForCommand, type CommandWaitOptions } from './wait-for-command';
import { waitForExit } from './wait-for-exit';
import { waitForHealthy } from './wait-for-healthy';
import { waitForHttp, type HttpWaitOptions } from './http/wait-for-http';
import { waitForLog, type LogWaitOptions } from './log/wait-for-log';
import { waitForPort } from './wait-for-port';

/**
 * Waits for services in a container. Each wait has a `timeout` in milliseconds, by default 4000, which is less than
 * Jest's time limit of a test. A wait fails at once if the container is removed, or ends while it should serve.
 *
 * Each wait fails with a `ServiceError`, `NOT_READY` or `CONTAINER_ENDED`. The message has the last status of the
 * service and the end of the container's log, and for `NOT_READY` the container's processes.
 */
export interface ServiceWaits {
  /**
   * Waits until a process in the container listens on a TCP port, on any address.
   *
   * @param port the port in the container, from 1 to 65535
   */
  waitForPort(port: number, options?: WaitOptions): Promise<void>;
  /**
   * Waits until the container's log contains a string or matches a pattern. The log has the output of process 1 since
   * the container's last start, as `docker logs` shows it. It does not have the output of a process of `spawn()`, which
   * has a `waitForOutput()` of its own.
   *
   * @param options `times`, the number of lines that must match, default one match anywhere; `timeout` in milliseconds,
   * default 4000
   */
  waitForLog(expected: string | RegExp, options?: LogWaitOptions): Promise<void>;
  /**
   * Follows the container's log line by line: `for await (const line of box.followLogs())`. It begins as
   * `waitForLog()` does, and ends when the container ends or is removed, or by `close()`.
   *
   * @throws EngineError `CONNECTION_LOST` in the loop, if the rest of the log is unknown
   */
  followLogs(): FollowedLog;
  /**
   * Waits until a server in the container answers over HTTP. The request comes from this machine: through the published
   * port if the option `ports` has it, else to the container's own address if the engine is on this machine.
   *
   * @param port the port in the container, from 1 to 65535
   * @param options `path`, default `/`; `status`, default any from 200 to 299; `body`, a string or pattern in the
   * answer; `method`, default `GET`; `headers` and `basicAuth` of the request; `tls`, default false; `timeout` in
   * milliseconds, default 4000
   * @throws ServiceError `NOT_REACHABLE` if this machine can't reach the port
   */
  waitForHttp(port: number, options?: HttpWaitOptions): Promise<void>;
  /**
   * Waits until the health check of the container's image, or of the option `healthCheck`, reports `healthy`.
   *
   * @throws ServiceError `NO_HEALTH_CHECK` if there is no health check
   */
  waitForHealthy(options?: WaitOptions): Promise<void>;
  /**
   * Runs a command repeatedly until it exits with 0. A command that still runs when the time is over is killed.
   *
   * @param options `cwd`, `env` and `user` of the command; `timeout` in milliseconds, default 4000
   */
  waitForCommand(file: string, args?: readonly string[], options?: CommandWaitOptions): Promise<void>;
  /**
   * Waits until process 1 has ended, by itself or by `stop()` or `kill()`. `box.logs({ stream: 'stderr' })` has what it
   * printed. To run an image once, as a command, use `runImage()`.
   *
   * @returns the exit code of process 1
   */
  waitForExit(options?: WaitOptions): Promise<number>;
}

/** Creates the waits of a container. */
export function createWaits(service: ServiceContainer): ServiceWaits {
  return {
    waitForPort: (port, options) => waitForPort(service, port, options),
    waitForLog: (expected, options) => waitForLog(service, expected, options),
    followLogs: () => followLogs(service.container),
    waitForHttp: (port, options) => waitForHttp(service, port, options),
    waitForHealthy: (options) => waitForHealthy(service, options),
    waitForCommand: (file, args, options) => waitForCommand(service, file, args, options),
    waitForExit: (options) => waitForExit(service, options),
  };
}
