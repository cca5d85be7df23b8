/** How often a thing is asked for, and how long it takes to start. */
export interface Demand {
  /** Notes that one was asked for. */
  asked(): void;
  /** Notes that one took so long to start, in milliseconds. */
  started(milliseconds: number): void;
  /** How many ought to be ready or on their way, so that the next one asked for is there. */
  target(): number;
}

/** How much the latest value counts for in a running average. */
const weight = 0.3;

/** @param now the time in milliseconds */
export function trackDemand(now: () => number = () => performance.now()): Demand {
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
      // One that is asked for once may be all there ever is: nothing is started for it but itself.
      if (interval === undefined) return 0;
      return Math.max(1, Math.ceil(startTime / Math.max(interval, 1)));
    },
  };
}

function average(before: number | undefined, value: number): number {
  return before === undefined ? value : before + weight * (value - before);
}
