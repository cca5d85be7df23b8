import { BelljarError } from '../support/errors';
import type { Redactor } from '../support/secrets/redact';
import { formatScreen } from './frame';
import { redactScreen } from './redact-screen';
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

/** Makes the errors of one terminal, each with the terminal's screen as it is then. */
export type TerminalErrorFactory = (code: string, message: string, options?: ErrorOptions) => TerminalError;

/**
 * Returns what makes the errors of one terminal, which have none of its secrets from the start: not in the message, and
 * not on the screen, whose picture in the message is drawn without them.
 *
 * @param screen returns the terminal's screen
 */
export function terminalErrors(screen: () => Screen, redactor: Redactor): TerminalErrorFactory {
  return (code, message, options) =>
    new TerminalError(code, redactor.redact(message), redactScreen(screen(), redactor), options);
}
