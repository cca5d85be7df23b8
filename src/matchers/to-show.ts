import { types } from 'node:util';
import { redactScreen } from '../terminal/redact-screen';
import { checkOptions } from '../support/options/check-options';
import { InvalidOptionError } from '../support/errors';
import { pollOrUndefined } from '../support/poll';
import { redactorOf } from '../support/secrets/redact';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import { formatScreen } from '../terminal/frame';
import { isTerminal, type Terminal } from '../terminal/terminal';
import { checkExpected } from '../terminal/wait';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';

export async function toShow(
  this: MatcherContext,
  received: unknown,
  expected: string | RegExp,
  options: WaitOptions = {},
): Promise<MatcherResult> {
  const terminal = terminalOf(received);
  checkExpected(expected);
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  const pass = await shownInTime(terminal, expected, { wanted: this.isNot !== true, timeout });
  const { ended } = terminal;
  const screen = redactScreen(terminal.screen(), redactorOf(terminal));
  return {
    pass,
    compared: () => ({ actual: screen.text, expected: String(expected) }),
    message: () =>
      failureMessage(this, {
        matcher: 'toShow',
        expected: types.isRegExp(expected) ? String(expected) : 'text',
        lines: [
          [
            'Expected',
            `${expectation(this, expected)} ${this.utils.printExpected(expected)} within ${timeout} ms`,
          ],
          ['Received', this.utils.RECEIVED_COLOR(`this screen${ended ? '; the program has ended' : ''}`)],
        ],
        evidence: formatScreen(screen),
      }),
  };
}

/**
 * Waits until the screen is as wanted, the time is over, or the program has ended. Tells if the screen matches then.
 */
async function shownInTime(
  terminal: Terminal,
  expected: string | RegExp,
  { wanted, timeout }: { wanted: boolean; timeout: number },
): Promise<boolean> {
  // In this order, because a program's last output is on the screen before the program counts as ended.
  await pollOrUndefined(() => terminal.ended || terminal.shows(expected) === wanted, {
    for: 'a terminal',
    timeout,
    interval: 5,
  });
  return terminal.shows(expected);
}

function expectation({ isNot }: MatcherContext, expected: string | RegExp): string {
  return `${isNot === true ? 'not ' : ''}to ${types.isRegExp(expected) ? 'match' : 'show'}`;
}

function terminalOf(received: unknown): Terminal {
  if (isTerminal(received)) return received;
  throw new InvalidOptionError(
    'The value given to expect()',
    'must be a terminal: await box.terminal()',
    received,
  );
}
