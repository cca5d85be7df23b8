import { BelljarError } from '../support/errors';
import { formatScreen } from './frame';
import type { Screen } from './screen';

/**
 * Something that a terminal could not do. `code` is one of
 *
 * - `UNKNOWN_KEY`: there is no key of that name, or a terminal has no way to send it
 * - `NOT_SHOWN`: the screen did not show in time what was waited for
 * - `NOT_IDLE`: the program went on printing
 * - `NOT_ENDED`: the program went on
 * - `TERMINAL_ENDED`: the program has ended
 */
export class TerminalError extends BelljarError {
  /**
   * @param code as above
   * @param message what went wrong, in a line
   * @param screen the screen as it was then, which the message shows in a frame
   */
  constructor(
    code: string,
    message: string,
    readonly screen?: Screen,
    options?: ErrorOptions,
  ) {
    super(code, screen === undefined ? message : `${message}\n\n${formatScreen(screen)}`, options);
  }
}
