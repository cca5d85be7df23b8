import { currentRun } from '../ownership/run';
import { leakError } from '../runner/leak';
import { findLeaks, removeLeaks } from '../runner/leaks-of-run';
import { withoutStack } from '../runner/messages';

/**
 * Jest's `globalTeardown`, which runs once after all tests. It removes what this run still has in the engine, and fails
 * the run for each leak.
 *
 * @throws RunnerError `LEAKED`, which lists the leaks; EngineError if the engine is gone
 */
export default async function globalTeardown(): Promise<void> {
  try {
    const leaks = await findLeaks(currentRun());
    await removeLeaks(leaks);
    const leaked = leaks.filter(({ isPooled }) => !isPooled);
    if (leaked.length > 0) throw leakError(leaked, 'when the tests were over');
  } catch (error) {
    throw withoutStack(error);
  }
}
