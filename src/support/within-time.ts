import { clearTimeout, setTimeout } from './time';

/**
 * Settles as a promise does, or rejects if that takes too long. The work itself is not stopped.
 *
 * @param milliseconds how long the promise may take
 * @param problem the message of the error
 */
export async function withinTime<Value>(
  work: Promise<Value>,
  milliseconds: number,
  problem: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
