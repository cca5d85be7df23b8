/**
 * What a promise rejects with, as the kind of error it is expected to be.
 *
 * @throws if it resolves, or rejects with another error
 */
export async function rejectionOf<Failure extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => Failure,
): Promise<Failure> {
  let resolved: unknown;
  try {
    resolved = await promise;
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`Expected a ${kind.name}, but the promise resolved to ${JSON.stringify(resolved)}`);
}
