import { constants } from 'node:os';

/**
 * Returns the signal of an exit code. The engine follows the shells' convention (POSIX.1-2017, 2.8.2): 128 plus the
 * number.
 */
export function signalOf(exitCode: number | undefined): NodeJS.Signals | undefined {
  if (exitCode === undefined || exitCode <= 128) return undefined;
  const found = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return found?.[0] as NodeJS.Signals | undefined;
}
