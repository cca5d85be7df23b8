import { BelljarError } from '../support/errors';
import { formatScreen } from './frame';
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
