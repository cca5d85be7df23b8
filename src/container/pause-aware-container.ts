import Docker from 'dockerode';

/** Told that a container is about to be paused. What it returns is called if the engine refuses to pause it. */
type PauseListener = () => () => void;

type Callback = (error?: unknown, data?: unknown) => void;

/**
 * dockerode's container, whose `pause` tells belljar before it asks the engine.
 *
 * The engine has an event for each pause, but the event may come after the next command, which a persistent shell of a
 * paused container would never answer. To ask the engine before each command would cost more than the command. So belljar
 * hands out a container whose own method tells of the pause: nothing of the user's is replaced, and a command pays nothing.
 */
export class PauseAwareContainer extends Docker.Container {
  #listener: PauseListener | undefined;

  /** Has `listener` told of each pause through that object, if the object is one of belljar's. */
  static onPause(container: Docker.Container, listener: PauseListener): void {
    if (#listener in container) container.#listener = listener;
  }

  override pause(options: object, callback: Callback): void;
  override pause(callback: Callback): void;
  override pause(options?: object): Promise<unknown>;
  override pause(first: object | Callback = {}, second?: Callback): Promise<unknown> | void {
    const [options, callback] = isCallback(first) ? [{}, first] : [first, second];
    const paused = this.#pause(options);
    if (callback === undefined) return paused;
    paused.then((data) => callback(null, data), callback);
  }

  async #pause(options: object): Promise<unknown> {
    const undo = this.#listener?.();
    try {
      return await super.pause(options);
    } catch (error) {
      undo?.();
      throw error;
    }
  }
}

function isCallback(value: object | Callback): value is Callback {
  return typeof value === 'function';
}
