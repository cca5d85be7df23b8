import { setUp } from '../tooling/machine/set-up';
import belljarGlobalSetup from '../src/jest/global-setup';
import { rememberMachine } from '../tooling/machine/machine-of-run';

/** Makes this machine able to run the specs, then does what belljar's own global set-up does for its users. */
export default async function globalSetup(config: { maxWorkers?: number }): Promise<void> {
  const machine = await setUp();
  rememberMachine(machine);
  try {
    await belljarGlobalSetup(config);
  } catch (error) {
    await machine.tearDown();
    throw error;
  }
}
