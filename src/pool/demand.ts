import { elapsedTime } from '../support/time';

/** How often items of a key are asked for, and how long one takes to start. */
export interface Demand {
  /** Records that an item was asked for. */
  asked(): void;
  /** Records how long a start took. */
  started(milliseconds: number): void;
  /** Returns how many items ought to be ready or being started, so that the next request need not wait. */
  target(): number;
}

/** How much the latest value counts for in a running average. */
const weight = 0.3;

/** @param now returns the time in milliseconds */
export function trackDemand(now: () => number = elapsedTime): Demand {
  let count = 0;
  let lastAsked = 0;
  let interval: number | undefined;
  let startTime = 0;
  return {
    asked() {
      const time = now();
      if (count > 0) interval = average(interval, time - lastAsked);
      lastAsked = time;
      count += 1;
    },
    started(milliseconds) {
      startTime = average(startTime === 0 ? undefined : startTime, milliseconds);
    },
    target() {
      // A first request may be the only one, so nothing is started ahead for it.
      if (interval === undefined) return 0;
      return Math.max(1, Math.ceil(startTime / Math.max(interval, 1)));
    },
  };
}

function average(before: number | undefined, value: number): number {
  return before === undefined ? value : before + weight * (value - before);
}
