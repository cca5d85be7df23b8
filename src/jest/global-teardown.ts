import { currentRun } from '../ownership/run';
import { leakError } from '../runner/leak';
import { findLeaks, removeLeaks } from '../runner/leaks-of-run';
import { withoutStack } from '../runner/messages';

/**
 * Jest's `globalTeardown`, once after all tests: nothing of this run's may be left in the engine. What is gets removed
 * and fails the run.
 *
 * @throws RunnerError `LEFT_BEHIND`, listing what was left; EngineError where the engine is gone
 */
export default async function globalTeardown(): Promise<void> {
  try {
    const leaks = await findLeaks(currentRun());
    await removeLeaks(leaks);
    const leaked = leaks.filter(({ isPooled: isStock }) => !isStock);
    if (leaked.length > 0) throw leakError(leaked, 'when the tests were over');
  } catch (error) {
    throw withoutStack(error);
  }
}
