import { BelljarError } from '../support/errors';

/**
 * Makes Jest print the message of a belljar error alone: of what a global hook throws it prints the stack, and where
 * in belljar an error was made helps nobody. Anything else that was thrown is a defect and keeps its stack.
 */
export function withoutStack(thrown: unknown): unknown {
  if (thrown instanceof BelljarError) thrown.stack = `belljar: ${thrown.message}`;
  return thrown;
}
