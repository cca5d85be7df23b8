import belljarGlobalTeardown from '../src/jest/global-teardown';
import { rememberedMachine } from '../tooling/machine/machine-of-run';

/** Fails the run for whatever it left in the engine, then leaves the machine as it was. */
export default async function globalTeardown(): Promise<void> {
  try {
    await belljarGlobalTeardown();
  } finally {
    await rememberedMachine()?.tearDown();
  }
}
