import { BelljarError } from '../support/errors';
import { printable } from '../support/printable';

/** Prints a line where a runner's own report goes, so that `jest --json` keeps standard output for itself. */
export function printLine(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/**
 * Makes a runner print the message of a belljar error alone: of what a global hook throws it prints the stack, and
 * where in belljar an error was made helps nobody. Anything else that was thrown is a defect and keeps its stack.
 */
export function withoutStack(thrown: unknown): unknown {
  if (thrown instanceof BelljarError) thrown.stack = `belljar: ${thrown.message}`;
  return thrown;
}
