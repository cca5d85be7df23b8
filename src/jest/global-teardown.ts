import { currentRun } from '../ownership/run';
import { leftBehind } from '../runner/leak';
import { findLeft, removeLeft } from '../runner/leaks-of-run';
import { withoutStack } from './without-stack';

/**
 * Jest's `globalTeardown`, once after all tests: nothing of this run's may be left in the engine. What is gets removed
 * and fails the run.
 *
 * @throws BelljarError `LEFT_BEHIND`, listing what was left; EngineError where the engine is gone
 */
export default async function globalTeardown(): Promise<void> {
  try {
    const left = await findLeft(currentRun());
    await removeLeft(left);
    const forgotten = left.filter(({ isStock }) => !isStock);
    if (forgotten.length > 0) throw leftBehind(forgotten, 'when the tests were over');
  } catch (error) {
    throw withoutStack(error);
  }
}
