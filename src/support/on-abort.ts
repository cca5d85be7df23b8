/** An action at the abort of a signal. */
export interface AbortAction<Value> {
  /** Returns the promise of the action; undefined if the signal is not aborted. */
  readonly result: () => Promise<Value> | undefined;
  /** Rejects if the action fails. Never resolves. */
  readonly failed: Promise<never>;
  /** Cancels the action, unless it has begun. */
  readonly forget: () => void;
}

/**
 * Runs an action when a signal is aborted, or at once if the signal is aborted already.
 *
 * @param signal undefined counts as a signal that is never aborted
 * @param act the action, which runs once at most; if it fails, `result` and `failed` reject
 */
export function onAbort<Value>(
  signal: AbortSignal | undefined,
  act: () => Value | Promise<Value>,
): AbortAction<Value> {
  let result: Promise<Value> | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // No caller has to wait for it.
  failed.catch(() => undefined);
  const start = (): void => {
    result = new Promise((resolve) => resolve(act()));
    result.catch(fail);
  };
  if (signal?.aborted === true) start();
  else signal?.addEventListener('abort', start, { once: true });
  return { result: () => result, failed, forget: () => signal?.removeEventListener('abort', start) };
}
