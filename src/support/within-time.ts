/**
 * What a promise settles to, or an error once that takes too long; the work itself goes on.
 *
 * @param milliseconds how long it may take
 * @param problem what the error says
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
