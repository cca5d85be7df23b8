/**
 * Returns whether a value is a promise, or what `await` takes for one. The value is asked, not looked into by `in`:
 * what `useContainer()` returns can be looked into only inside tests.
 */
export function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof (value as Partial<Promise<Value>> | null | undefined)?.then === 'function';
}
