import { setUp } from '../scripts/set-up';
import belljarGlobalSetup from '../src/jest/global-setup';
import { keepMachine } from './machine';

/** Makes this machine able to run the specs, then does what belljar's own global set-up does for its users. */
export default async function globalSetup(config: { maxWorkers?: number }): Promise<void> {
  const machine = await setUp();
  keepMachine(machine);
  try {
    await belljarGlobalSetup(config);
  } catch (error) {
    await machine.tearDown();
    throw error;
  }
}
