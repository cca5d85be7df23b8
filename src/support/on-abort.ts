/** Something that is done when a signal is aborted. */
export interface AbortAction<Value> {
  /** What it resolves to; undefined if the signal was not aborted. */
  readonly result: () => Promise<Value> | undefined;
  /** Rejects if it fails, and is pending until then. */
  readonly failed: Promise<never>;
  /** Keeps it from being done later. */
  readonly forget: () => void;
}

/**
 * Does something when a signal is aborted: at once if it is already.
 *
 * @param signal undefined is never aborted
 * @param act what is done, once at most; if it fails, `result` and `failed` reject
 */
export function onAbort<Value>(
  signal: AbortSignal | undefined,
  act: () => Value | Promise<Value>,
): AbortAction<Value> {
  let result: Promise<Value> | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // It need not be waited for.
  failed.catch(() => undefined);
  const start = (): void => {
    result = new Promise((resolve) => resolve(act()));
    result.catch(fail);
  };
  if (signal?.aborted === true) start();
  else signal?.addEventListener('abort', start, { once: true });
  return { result: () => result, failed, forget: () => signal?.removeEventListener('abort', start) };
}
