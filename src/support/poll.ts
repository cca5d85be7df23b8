import { PollTimeoutError } from './errors';
import { elapsedTime, setTimeout } from './time';

export interface PollOptions {
  /** The condition, as it reads after "waiting for": `the engine to answer`. */
  for: string;
  /** How long to wait at most, in milliseconds. */
  timeout: number;
  /** How long to pause between two looks, in milliseconds. Default 50. */
  interval?: number;
  /** Ends the wait early: `poll` then throws the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Calls `look` again and again until it returns something other than undefined, false or null, and returns that.
 * The only place in belljar that pauses.
 *
 * @throws PollTimeoutError when the time is over; what `look` throws, at once
 */
export async function poll<Found>(
  look: () => Found | Promise<Found>,
  options: PollOptions,
): Promise<NonNullable<Exclude<Found, false>>> {
  const deadline = elapsedTime() + options.timeout;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined && found !== null && found !== false) {
      return found as NonNullable<Exclude<Found, false>>;
    }
    const left = deadline - elapsedTime();
    if (left <= 0) throw new PollTimeoutError(options.for, options.timeout);
    await pause(Math.min(options.interval ?? 50, left));
  }
}

/** Polls as {@link poll} does, but returns undefined when the time is over. */
export async function pollOrUndefined<Found>(
  look: () => Found | Promise<Found>,
  options: PollOptions,
): Promise<NonNullable<Exclude<Found, false>> | undefined> {
  try {
    return await poll(look, options);
  } catch (error) {
    if (error instanceof PollTimeoutError) return undefined;
    throw error;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
