import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import { runInThisContext } from 'node:vm';

/*
 * Real time. A test may replace the timers and clocks among its globals: `jest.useFakeTimers()`, sinon, a spy on
 * `performance.now`. belljar's containers run in real time, so belljar takes time from Node.js's own modules, and keeps
 * the functions: some libraries replace those in the modules, too. The linter forbids the globals in src/.
 */

export const { setTimeout, clearTimeout } = timers;

const { setImmediate } = timers;

/** Lets everything else that can run now run first: all that waits for settled promises. */
export function afterSettled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

// Jest's test files have globals of their own, in a context of their own. Node.js's modules are of the main context.
const { AbortSignal, Date } = runInThisContext('({ AbortSignal, Date })') as Pick<
  typeof globalThis,
  'AbortSignal' | 'Date'
>;

/** Returns the time of day, in milliseconds since 1970 began in UTC, as `Date.now()` does. */
export const timeOfDay = Date.now.bind(Date);

/** Returns the milliseconds of a clock that is never set back, as `performance.now()` does. */
export const elapsedTime = performance.now.bind(performance);

/** Returns a signal that aborts after so many milliseconds, as `AbortSignal.timeout()` does. */
export const timeoutSignal = AbortSignal.timeout.bind(AbortSignal);
