import { shortId } from '../support/short-id';
import { RunnerError } from './errors';

/** Something in the engine that nobody removed. */
export interface Leak {
  kind: string;
  id: string;
  name: string;
}

/**
 * @param when as it reads after "left in the engine": `when the tests were over`
 * @returns an error with `code` `LEFT_BEHIND` that lists what was left, and says how not to leave it
 */
export function leakError(leaks: readonly Leak[], when: string): RunnerError {
  const list = leaks.map(({ kind, name, id }) => `  ${kind} ${name} (${shortId(id)})`);
  return new RunnerError(
    'LEFT_BEHIND',
    [
      `These were left in the engine ${when}, and have been removed now:`,
      ...list,
      'Whoever starts a container removes it: useContainer() and withContainer() do so by themselves; after ' +
        'startContainer(), write `await using box = await startContainer()` or call box.remove().',
    ].join('\n'),
  );
}
