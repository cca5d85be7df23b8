import { EngineError } from '../../src/engine/errors';

/**
 * The engine error that a function throws.
 *
 * @throws if it throws no such error
 */
export function engineErrorThrownBy(act: () => unknown): EngineError {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('Expected an EngineError, but nothing was thrown.');
}
