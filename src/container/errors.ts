import { BelljarError } from '../support/errors';

/** The reason why a container could not be started, used or removed. */
export type ContainerErrorCode =
  /** The engine refused to create or start the container; the message has the engine's reason. */
  | 'CONTAINER_NOT_STARTED'
  /** The image has no `/bin/sh`, with which belljar keeps a container up; the message says what works. */
  | 'NO_IDLE_COMMAND'
  /** The engine refused an option of the container; the message names the option. */
  | 'OPTION_REFUSED'
  /** A port of the engine's host, which the option `ports` names, is taken. */
  | 'PORT_TAKEN'
  /** Another container has the name. */
  | 'NAME_TAKEN'
  /** The engine's disk is full. */
  | 'NO_SPACE'
  /** The engine has no addresses left for another network. */
  | 'NO_ADDRESSES'
  /** The engine refused to make a network or a volume; the message has the engine's reason. */
  | 'NOT_CREATED'
  /** The container was stopped, paused or killed, so nothing can run in it. */
  | 'CONTAINER_NOT_RUNNING'
  /** The container can't be unpaused, because it is not paused. */
  | 'NOT_PAUSED'
  /** The container is gone. */
  | 'CONTAINER_REMOVED'
  /** The engine refused to remove the container. */
  | 'CONTAINER_NOT_REMOVED'
  /** The container can't be disconnected: it is not on any network, or is disconnected already. */
  | 'NO_NETWORK'
  /** The container can't be reconnected, because it is not disconnected. */
  | 'NOT_DISCONNECTED'
  /** The network that the container was to be started on is gone. */
  | 'NETWORK_REMOVED'
  /** The engine has no container of that id or name. */
  | 'CONTAINER_NOT_FOUND'
  /** belljar does not stop or remove a container that it is only attached to. */
  | 'NOT_OWNED'
  /** The test has detached from the container. */
  | 'DETACHED'
  /** The container was attached to by its id or name, so there is no object of testcontainers. */
  | 'NO_TESTCONTAINER'
  /** The engine does not have the external volume. */
  | 'VOLUME_NOT_FOUND'
  /** The port was not published. */
  | 'NO_SUCH_PORT'
  /** What `useContainer()`, `useContainers()` or `useNetwork()` returns was used outside a test. */
  | 'NO_CONTAINER'
  /**
   * A process can't be stopped or signaled alone: the container has no `/bin/sh` to do that from inside, and this
   * machine can't see the engine's processes. A program that belljar may have to stop is not started then.
   */
  | 'PROCESS_NOT_SEEN'
  /** The whole container was killed, because one of its processes could not be killed alone. */
  | 'CONTAINER_KILLED';

/** The error of a container that could not be started, used or removed. */
export class ContainerError extends BelljarError {
  /** What went wrong; {@link ContainerErrorCode} has the meaning of each code. */
  declare readonly code: ContainerErrorCode;

  constructor(code: ContainerErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
