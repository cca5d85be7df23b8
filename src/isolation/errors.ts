import { BelljarError } from '../support/errors';

/** Why isolation, or the host, could not be looked at. */
export type IsolationErrorCode =
  /** The container has no shell to look around with, or looking broke off. */
  | 'CANNOT_LOOK'
  /** The engine does not have the container any more. */
  | 'CONTAINER_GONE'
  /** A container can't be isolated from itself. */
  | 'SAME_CONTAINER'
  /** Two containers are of different engines; only containers of the same engine are compared. */
  | 'DIFFERENT_ENGINES'
  /** Nothing says how the host was before. */
  | 'NO_SNAPSHOT'
  /** The host's paths hold more files than the limit allows. */
  | 'TOO_MUCH';

/** Isolation, or the host, could not be looked at. */
export class IsolationError extends BelljarError {
  /** What went wrong; {@link IsolationErrorCode} has the meaning of each code. */
  declare readonly code: IsolationErrorCode;

  constructor(code: IsolationErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
