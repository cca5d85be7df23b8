import childProcess from 'node:child_process';

/**
 * Returns state that exists once in a process. Jest makes a module registry, globals and a `process` for every test
 * file, so a module's variable or a global exists once for each file. Node's built-in modules are the same in all
 * files.
 *
 * @param name of the state. A state of another shape needs another name, because two versions of belljar may share the
 * process
 * @param create makes the state at the first call
 */
export function perProcess<State>(name: string, create: () => State): State {
  const states = childProcess as unknown as Record<symbol, State | undefined>;
  return (states[Symbol.for(`belljar ${name}`)] ??= create());
}
