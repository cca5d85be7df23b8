import type { WaitOptions } from '../support/wait-options';
import type { ServiceContainer } from './service-container';
import { waitForCommand, type CommandWaitOptions } from './wait-for-command';
import { waitForHealthy } from './wait-for-healthy';
import { waitForHttp, type HttpWaitOptions } from './wait-for-http';
import { waitForLog } from './wait-for-log';
import { waitForPort } from './wait-for-port';

/**
 * Waits for what runs in a container. Each ends as soon as it can - at once where the container ends meanwhile, or is
 * removed -, and takes `timeout` in milliseconds, by default 4000: less than Jest gives a test.
 *
 * Each fails with a `ServiceError`, `NOT_READY` or `CONTAINER_ENDED`, whose message says what was seen last, and shows
 * the end of the container's log and its processes.
 */
export interface ServiceWaits {
  /**
   * Waits until something in the container listens on a TCP port, on whatever address.
   *
   * @param port in the container
   */
  waitForPort(port: number, options?: WaitOptions): Promise<void>;
  /**
   * Waits until the container's log - what process 1 has printed since its last start, as `docker logs` shows it -
   * contains a text or matches a pattern. What a process of `spawn()` prints is not in it: that has a `waitForOutput()`
   * of its own.
   */
  waitForLog(expected: string | RegExp, options?: WaitOptions): Promise<void>;
  /**
   * Waits until a server gives an answer over HTTP. It is asked from here: through the published port where the option
   * `ports` has it, else at the container's own address where the engine is on this machine.
   *
   * @param port in the container
   * @param options `path`, default `/`; `status`, default any from 200 to 299; `body`, a text or pattern in the answer;
   * `method`, default `GET`; `headers` of the request
   * @throws ServiceError `NOT_REACHABLE` where there is no way to the port from here
   */
  waitForHttp(port: number, options?: HttpWaitOptions): Promise<void>;
  /**
   * Waits until the container's health check, of its image or of the option `healthCheck`, says that it is healthy.
   *
   * @throws ServiceError `NO_HEALTH_CHECK` where it has none
   */
  waitForHealthy(options?: WaitOptions): Promise<void>;
  /**
   * Runs a command again and again until it exits with 0; one that runs when the time is over is killed.
   *
   * @param options `cwd`, `env` and `user` of the command, beside `timeout`
   */
  waitForCommand(file: string, args?: readonly string[], options?: CommandWaitOptions): Promise<void>;
}

/** The waits for what runs in one container. */
export function createWaits(host: ServiceContainer): ServiceWaits {
  return {
    waitForPort: (port, options) => waitForPort(host, port, options),
    waitForLog: (expected, options) => waitForLog(host, expected, options),
    waitForHttp: (port, options) => waitForHttp(host, port, options),
    waitForHealthy: (options) => waitForHealthy(host, options),
    waitForCommand: (file, args, options) => waitForCommand(host, file, args, options),
  };
}
