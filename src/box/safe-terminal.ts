import type { StartedContainer } from '../container/started-container';
import { redactorOf, withRedactor, type Redactor } from '../support/secrets/redact';
import { TerminalError } from '../terminal/errors';
import { formatScreen } from '../terminal/frame';
import type { TerminalOptions } from '../terminal/options';
import { openTerminal, type Terminal } from '../terminal/terminal';
import { redactScreen } from '../terminal/redact-screen';

/** Opens a terminal whose errors have no secrets in them; its screen and recording are as they are. */
export async function openSafely(
  container: StartedContainer,
  options: TerminalOptions = {},
): Promise<Terminal> {
  const redactor = redactorOf(container);
  if (options.env !== undefined) redactor.addSecretsFrom(options.env);
  const terminal = await openTerminal(container, options);
  const safely = <Value>(work: Promise<Value>): Promise<Value> => withSafeErrors(work, redactor);
  const safe: Partial<Terminal> = {
    type: (text) => safely(terminal.type(text)),
    press: (...keys) => safely(terminal.press(...keys)),
    paste: (text) => safely(terminal.paste(text)),
    waitFor: (expected, wait) => safely(terminal.waitFor(expected, wait)),
    waitForPrompt: (wait) => safely(terminal.waitForPrompt(wait)),
    waitForIdle: (wait) => safely(terminal.waitForIdle(wait)),
    waitForExit: (wait) => safely(terminal.waitForExit(wait)),
  };
  // Not a spread: getters stay getters.
  const copy = Object.defineProperties({} as Terminal, Object.getOwnPropertyDescriptors(terminal));
  return withRedactor(Object.assign(copy, safe), redactor);
}

async function withSafeErrors<Value>(work: Promise<Value>, redactor: Redactor): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TerminalError ? withoutSecrets(error, redactor) : error;
  }
}

function withoutSecrets(error: TerminalError, redactor: Redactor): TerminalError {
  if (!redactor.hasSecrets) return error;
  const { code, message, screen } = error;
  if (screen === undefined) return new TerminalError(code, redactor.redact(message));
  const headline = message.replace(`\n\n${formatScreen(screen)}`, '');
  return new TerminalError(code, redactor.redact(headline), redactScreen(screen, redactor));
}
