import { BelljarError } from '../support/errors';
import { printable } from '../support/printable';

/**
 * Prints a line to standard error, beside a runner's own report, so that `jest --json` keeps standard output for
 * itself.
 */
export function printLine(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/**
 * Makes a runner print the message of a belljar error alone: of what a global hook throws it prints the stack, and
 * the place in belljar that made an error helps no user. Anything else that was thrown is a defect and keeps its stack.
 */
export function withoutStack(thrown: unknown): unknown {
  if (thrown instanceof BelljarError) thrown.stack = `belljar: ${thrown.message}`;
  return thrown;
}
