import { BelljarError } from '../support/errors';
import type { Redactor } from '../support/secrets/redact';
import { formatScreen } from './frame';
import { redactScreen } from './redact-screen';
import type { Screen } from './screen';

/** The reason why an operation on a terminal failed. */
export type TerminalErrorCode =
  /** There is no key of that name, or a terminal can't send it. */
  | 'UNKNOWN_KEY'
  /** The screen did not show the expected text within the timeout. */
  | 'NOT_SHOWN'
  /** The program still printed when the time was over. */
  | 'NOT_IDLE'
  /** The program still ran when the time was over. */
  | 'NOT_ENDED'
  /** The program has ended. */
  | 'TERMINAL_ENDED';

/** An operation on a terminal failed. */
export class TerminalError extends BelljarError {
  /** What went wrong; {@link TerminalErrorCode} has the meaning of each code. */
  declare readonly code: TerminalErrorCode;

  /**
   * @param message the problem, in a line
   * @param screen the screen at that time, which the message shows in a frame
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
