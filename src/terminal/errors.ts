import { BelljarError } from '../support/errors';
import type { Redactor } from '../support/secrets/redact';
import { formatScreen } from './frame';
import { redactScreen } from './redact-screen';
import type { Screen } from './screen';

/** What a terminal could not do. */
export type TerminalErrorCode =
  /** There is no key of that name, or a terminal has no way to send it. */
  | 'UNKNOWN_KEY'
  /** The screen did not show in time what was waited for. */
  | 'NOT_SHOWN'
  /** The program went on printing until the time was over. */
  | 'NOT_IDLE'
  /** The program still ran when the time was over. */
  | 'NOT_ENDED'
  /** The program has ended. */
  | 'TERMINAL_ENDED';

/** Something that a terminal could not do. */
export class TerminalError extends BelljarError {
  /** What went wrong; {@link TerminalErrorCode} has the meaning of each code. */
  declare readonly code: TerminalErrorCode;

  /**
   * @param message what went wrong, in a line
   * @param screen the screen as it was then, which the message shows in a frame
   */
  constructor(
    code: TerminalErrorCode,
    message: string,
    readonly screen?: Screen,
    options?: ErrorOptions,
  ) {
    super(code, screen === undefined ? message : `${message}\n\n${formatScreen(screen)}`, options);
  }
}

/** Makes the errors of one terminal, each with the terminal's screen as it is then. */
export type TerminalErrorFactory = (
  code: TerminalErrorCode,
  message: string,
  options?: ErrorOptions,
) => TerminalError;

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
