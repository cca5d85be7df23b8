import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import type { Image } from '../image/image';
import type { LogOptions } from './logs';

/** A port of a container: `53` and `'53/tcp'` are the same, `'53/udp'` is another. */
export type ContainerPort = number | `${number}/${'tcp' | 'udp'}`;

/** A running container: facts about it, and ways to end it. */
export interface StartedContainer extends AsyncDisposable {
  /** The full id, 64 hexadecimal digits. */
  readonly id: string;
  /** The engine's name for it, without the leading slash. */
  readonly name: string;
  /** Its host name: by default the first twelve digits of its id. */
  readonly hostname: string;
  /** Its address on its first network; an empty string if it has none. `reconnect()` may change it. */
  readonly ip: string;
  /** The user of process 1 and, by default, of every command, as the engine was told: `''` is root. */
  readonly user: string;
  /** The image it was made from. */
  readonly image: Image;
  /** Its testcontainers object, for what belljar lacks. */
  readonly testcontainer: StartedTestContainer;
  /** The engine's API client for this container. */
  readonly docker: Docker.Container;
  /** Aborted, with the reason, when the container's removal begins. Every wait for the container ends then. */
  readonly removal: AbortSignal;
  /**
   * Returns the port on the engine's host that leads to a published container port.
   *
   * @param containerPort a port of TCP, or a port with its protocol: `'53/udp'`
   * @throws ContainerError `NO_SUCH_PORT` if the port is not in the option `ports`
   */
  port(containerPort: ContainerPort): number;
  /**
   * Returns what process 1 has printed so far: standard output and error together, or one of them.
   *
   * @param options `stream`, `stdout` or `stderr`; default both
   * @throws InvalidOptionError if an option is invalid
   * @throws EngineError `CONNECTION_LOST` if the log may be cut short
   */
  logs(options?: LogOptions): Promise<string>;
  /**
   * Stops process 1: SIGTERM, then SIGKILL after `timeout` milliseconds (default 0: at once).
   *
   * @throws InvalidOptionError if an option is invalid
   */
  stop(options?: { timeout?: number }): Promise<void>;
  /** Stops process 1 at once and starts it again; files stay, processes don't. */
  restart(): Promise<void>;
  /** Sends process 1 a signal. Default `SIGKILL`. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Pauses all of the container's processes (cgroups(7), "freezer"): connections stay open, nothing answers. Commands
   * are refused with `CONTAINER_NOT_RUNNING` until `unpause()`.
   *
   * @throws ContainerError `CONTAINER_NOT_RUNNING` if it is paused already, or does not run
   */
  pause(): Promise<void>;
  /**
   * Lets the processes of a paused container go on.
   *
   * @throws ContainerError `NOT_PAUSED`
   */
  unpause(): Promise<void>;
  /**
   * Cuts the container off from its networks, like a pulled cable: established connections stay open but receive
   * nothing. Programs in the container keep running.
   *
   * @throws ContainerError `NO_NETWORK` if it is not on any network
   */
  disconnect(): Promise<void>;
  /**
   * Undoes `disconnect()`: the container is on the same networks, under the same names; the engine may give it another
   * address and other ports on its host, which `ip` and `port()` return then.
   *
   * @throws ContainerError `NOT_DISCONNECTED`
   */
  reconnect(): Promise<void>;
  /** Removes the container and its anonymous volumes, running or not. Safe to call again. */
  remove(): Promise<void>;
}
