import childProcess from 'node:child_process';

/**
 * State that there is once in a process. Jest gives every test file a module registry, globals and a `process` of its
 * own, so neither a module's variable nor a global is; what it hands through as it is are Node's built-in modules.
 *
 * @param name of the state
 * @param create makes it for the first that asks
 */
export function perProcess<State>(name: string, create: () => State): State {
  const states = childProcess as unknown as Record<symbol, State | undefined>;
  return (states[Symbol.for(`belljar ${name}`)] ??= create());
}
