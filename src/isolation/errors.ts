import { BelljarError } from '../support/errors';

/** Why belljar could not check isolation, or the host. */
export type IsolationErrorCode =
  /** The container has no `/bin/sh`, or the script that checks the container did not finish. */
  | 'CANNOT_LOOK'
  /** The engine no longer has the container. */
  | 'CONTAINER_GONE'
  /** Both containers are the same; a container can't be isolated from itself. */
  | 'SAME_CONTAINER'
  /** The two containers run in different engines; belljar compares only containers of one engine. */
  | 'DIFFERENT_ENGINES'
  /** There is no earlier snapshot of the host to compare with. */
  | 'NO_SNAPSHOT'
  /** The paths of the host hold more files, or more bytes, than the limit allows. */
  | 'TOO_MUCH';

/** belljar could not check isolation, or the host. */
export class IsolationError extends BelljarError {
  /** What went wrong; {@link IsolationErrorCode} has the meaning of each code. */
  declare readonly code: IsolationErrorCode;

  constructor(code: IsolationErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
