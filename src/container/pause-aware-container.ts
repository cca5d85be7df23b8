import Docker from 'dockerode';

/** Called before a container is paused. Returns a function that is called if the engine refuses to pause it. */
type PauseListener = () => () => void;

type Callback = (error?: unknown, data?: unknown) => void;

/**
 * dockerode's container with a `pause()` that calls belljar before the engine.
 *
 * The engine has an event for each pause, but the event may come after the next command, which a persistent shell of a
 * paused container would never answer. To ask the engine before each command would cost more than the command. So the
 * box's own dockerode object calls a listener. No method of an object is replaced, and commands cost nothing more.
 */
export class PauseAwareContainer extends Docker.Container {
  #listener: PauseListener | undefined;

  /** Calls `listener` at each pause through the object, if the object is of this class. */
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
