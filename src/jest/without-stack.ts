import { BelljarError } from '../support/errors';

/**
 * Makes Jest print only the message of a belljar error. Jest prints the stack of what a global hook throws, and the
 * place in belljar's code does not help a user. Anything else that was thrown is a defect and keeps its stack.
 */
export function withoutStack(thrown: unknown): unknown {
  if (thrown instanceof BelljarError) thrown.stack = `belljar: ${thrown.message}`;
  return thrown;
}
